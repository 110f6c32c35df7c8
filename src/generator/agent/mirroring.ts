/** @module The layer that sends parameters of a tool in header fields as well (MCP 2026-07-28, `x-mcp-header`). */
import { type HeaderFields, headerFields, NO_FIELDS } from '../../protocol/header-fields.ts';
import { type ListedTool, type MirroredParameter, mirroredFields } from '../../protocol/tool-list.ts';
import {
  type AgentRequest,
  type Caller,
  type Layer,
  type OnEnd,
  type OnMessage,
  PassingCaller,
} from './caller.ts';

/** Whether a tool of `tools` has parameters to mirror: otherwise the layer has nothing to do. */
export function hasMirrored(tools: readonly ListedTool[]): boolean {
  return tools.some(({ mirrored = [] }) => mirrored.length > 0);
}

/** Adds `Mcp-Param-*` to the calls of `tools`. All agents may share it: it keeps nothing of an agent. */
export function mirroringLayer(tools: readonly ListedTool[]): Layer {
  const byName = new Map<string | undefined, readonly MirroredParameter[]>(
    tools.flatMap(({ name, mirrored = [] }) => (mirrored.length > 0 ? [[name, mirrored]] : [])),
  );
  return (next) => new MirroringCaller(next, byName);
}

class MirroringCaller extends PassingCaller {
  readonly #byName: ReadonlyMap<string | undefined, readonly MirroredParameter[]>;
  /** The latest arguments and their fields: constant arguments are read once. */
  #argumentsJson: string | undefined = undefined;
  #mirrored: readonly MirroredParameter[] | undefined = undefined;
  #fields: HeaderFields = NO_FIELDS;

  constructor(next: Caller, byName: ReadonlyMap<string | undefined, readonly MirroredParameter[]>) {
    super(next);
    this.#byName = byName;
  }

  override send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean, onMessage?: OnMessage): void {
    const { method, name } = request.operation;
    const mirrored = method === 'tools/call' ? this.#byName.get(name) : undefined;
    const whole =
      mirrored === undefined ? request : request.plus(this.#fieldsOf(mirrored, request.argumentsJson));
    this.next.send(whole, onEnd, keepBody, onMessage);
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
