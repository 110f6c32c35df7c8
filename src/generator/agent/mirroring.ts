/** @module The layer that sends parameters of a tool in header fields as well (MCP 2026-07-28, `x-mcp-header`). */
import { isDeepStrictEqual } from 'node:util';
import { type HeaderFields, headerFields, NO_FIELDS } from '../../protocol/header-fields.ts';
import { HEADER_MISMATCH } from '../../protocol/headers.ts';
import { type ListedTool, type MirroredParameter, mirroredFields } from '../../protocol/tool-list.ts';
import type { MismatchTally } from '../../recording/measure/mismatches.ts';
import {
  type AgentRequest,
  type CallEnd,
  type Caller,
  type Layer,
  type OnEnd,
  type OnMessage,
  PassingCaller,
  spanning,
} from './caller.ts';
import { RetryRequest } from './retry-request.ts';
import { listTools, type ToolListing } from './tool-listing.ts';

/** The parameters to mirror, by tool; a tool that must not be called has none. */
type Mirrored = ReadonlyMap<string | undefined, readonly MirroredParameter[]>;

/**
 * Adds `Mcp-Param-*` to the calls of `tools`. When the server refuses a call because its header fields do not match, the agent lists the tools
 * again, and makes the call once more if its tool is listed with other parameters to mirror. Source: MCP 2026-07-28, Streamable HTTP, Custom Headers.
 */
export function mirroringLayer(
  tools: readonly ListedTool[],
  tally: MismatchTally,
): (listing: ToolListing) => Layer {
  const mirrored = mirroredBy(tools);
  return (listing) => (next) => new MirroringCaller(next, mirrored, { ...listing, tally });
}

const mirroredBy = (tools: readonly ListedTool[]): Mirrored =>
  new Map(tools.flatMap(({ name, mirrored = [] }) => (mirrored.length > 0 ? [[name, mirrored]] : [])));

interface CountedListing extends ToolListing {
  readonly tally: MismatchTally;
}

/** A call that was refused; `used`: what was mirrored of it. */
interface Refused {
  readonly request: AgentRequest;
  readonly used: readonly MirroredParameter[] | undefined;
  readonly end: CallEnd;
  readonly onEnd: OnEnd;
  readonly keepBody: boolean | undefined;
  readonly onMessage: OnMessage | undefined;
}

class MirroringCaller extends PassingCaller {
  /** As the server was found, and for this agent alone as it has listed its tools since. */
  #known: Mirrored;
  readonly #listing: CountedListing;
  /** Calls that wait for the list of tools that is under way; undefined while there is none. */
  #waiting: Refused[] | undefined = undefined;
  /** The latest arguments and their fields: constant arguments are read once. */
  #argumentsJson: string | undefined = undefined;
  #mirrored: readonly MirroredParameter[] | undefined = undefined;
  #fields: HeaderFields = NO_FIELDS;

  constructor(next: Caller, known: Mirrored, listing: CountedListing) {
    super(next);
    this.#known = known;
    this.#listing = listing;
  }

  override send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean, onMessage?: OnMessage): void {
    const { method, name } = request.operation;
    if (method !== 'tools/call') {
      this.next.send(request, onEnd, keepBody, onMessage);
      return;
    }
    const used = this.#known.get(name);
    const onFirst = (end: CallEnd): void => {
      if (end.outcome !== 'rpc-error' || end.code !== HEADER_MISMATCH) onEnd(end);
      else this.#refused({ request, used, end: { ...end }, onEnd, keepBody, onMessage });
    };
    this.next.send(this.#mirroring(request, used), onFirst, keepBody, onMessage);
  }

  #mirroring(request: AgentRequest, mirrored: readonly MirroredParameter[] | undefined): AgentRequest {
    return mirrored === undefined ? request : request.plus(this.#fieldsOf(mirrored, request.argumentsJson));
  }

  #refused(refused: Refused): void {
    const { tally } = this.#listing;
    const { context } = refused.request;
    tally.count('refused', context.measured);
    if (this.#waiting !== undefined) {
      this.#waiting.push(refused);
      return;
    }
    const waiting = [refused];
    this.#waiting = waiting;
    tally.count('lists', context.measured);
    listTools(this.next, this.#listing, context, (tools) => {
      this.#waiting = undefined;
      if (tools !== undefined) this.#known = mirroredBy(tools);
      const callable = new Set(tools?.flatMap(({ name, fault }) => (fault === undefined ? [name] : [])));
      for (const one of waiting) this.#again(one, callable);
    });
  }

  /** Makes a call once more, unless its tool is gone, must not be called, or would be called in the same way. */
  #again(refused: Refused, callable: ReadonlySet<string>): void {
    const { request, used, end: first, onEnd, keepBody, onMessage } = refused;
    const { name = '' } = request.operation;
    const mirrored = this.#known.get(name);
    if (!callable.has(name) || isDeepStrictEqual(mirrored, used)) {
      onEnd(first);
      return;
    }
    const { ids, tally } = this.#listing;
    tally.count('again', request.context.measured);
    const retry = new RetryRequest(request, ids.next(), NOTHING_MORE);
    this.next.send(
      this.#mirroring(retry, mirrored),
      (last) => onEnd(spanning(first, last)),
      keepBody,
      onMessage,
    );
  }

  #fieldsOf(mirrored: readonly MirroredParameter[], argumentsJson: string | undefined): HeaderFields {
    if (mirrored !== this.#mirrored || argumentsJson !== this.#argumentsJson) {
      this.#mirrored = mirrored;
      this.#argumentsJson = argumentsJson;
      const pairs = mirroredFields(
        mirrored,
        argumentsJson === undefined ? undefined : JSON.parse(argumentsJson),
      );
      this.#fields = pairs.length === 0 ? NO_FIELDS : headerFields(pairs);
    }
    return this.#fields;
  }
}

/** The call is made again as it was. */
const NOTHING_MORE = { responses: undefined, stateJson: undefined };
