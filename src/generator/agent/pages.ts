/** @module The layer that asks for all pages of a list. Source: MCP 2025-11-25 and 2026-07-28, Pagination. */
import { LIST_METHODS } from '../../protocol/caching/methods.ts';
import { asciiJson, type Call, type CallEncoder } from '../../protocol/call.ts';
import { jsonText } from '../../protocol/call-arguments.ts';
import { nextCursorOf } from '../../protocol/tool-list.ts';
import type { PageTally } from '../../recording/measure/pages.ts';
import {
  type AgentRequest,
  type CallEnd,
  type Caller,
  type Layer,
  type OnEnd,
  type OnMessage,
  PassingCaller,
} from './caller.ts';
import { type OwnIds, OwnRequest } from './own-request.ts';

export interface PagesOptions {
  /** What makes the request for a page from its cursor, by the method of the list. */
  readonly encoders: PageEncoders;
  readonly ids: OwnIds;
  readonly tally: PageTally;
}

export type PageEncoders = ReadonlyMap<string, CallEncoder>;

/** The encoders of all lists, made once for all agents. */
export function pageEncoders(encoderOf: (call: Call) => CallEncoder): PageEncoders {
  return new Map(LIST_METHODS.map((method) => [method, encoderOf({ method })]));
}

/** Follows `nextCursor` until the last page. All pages are one call, which ends with its last page or its first failure. */
export function pagesLayer(options: PagesOptions): Layer {
  return (next) => new PagingCaller(next, options);
}

/** Beyond this number of pages, a list is taken to be endless. */
export const MOST_PAGES = 1000;

const ENDLESS = {
  outcome: 'malformed',
  detail: `the list does not end: page ${MOST_PAGES} names a next one`,
} as const;

class PagingCaller extends PassingCaller {
  readonly #options: PagesOptions;

  constructor(next: Caller, options: PagesOptions) {
    super(next);
    this.#options = options;
  }

  override send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean, onMessage?: OnMessage): void {
    const encode = request.operation.isPaged
      ? this.#options.encoders.get(request.operation.method)
      : undefined;
    if (encode !== undefined) this.#sendAll(request, encode, onEnd);
    else this.next.send(request, onEnd, keepBody, onMessage);
  }

  #sendAll(request: AgentRequest, encode: CallEncoder, onEnd: OnEnd): void {
    const { ids, tally } = this.#options;
    const { method } = request.operation;
    let first: CallEnd | undefined;
    /** The latest page that was not given from a cache. */
    let sent: CallEnd | undefined;
    let [pages, requests] = [0, 0];
    const onPage = (end: CallEnd): void => {
      // An end is valid until it is told; the next page comes later.
      first ??= { ...end };
      pages += 1;
      if (end.cached !== true) {
        sent = { ...end };
        requests += 1;
      }
      const cursor = end.outcome === 'ok' ? cursorOf(end) : undefined;
      if (cursor !== undefined && pages < MOST_PAGES) {
        const page = new OwnRequest({ method, cursor }, request.context, (fields) =>
          encode(ids.next(), jsonText(asciiJson(cursor)), fields),
        );
        this.next.send(page, onPage, true);
        return;
      }
      if (cursor !== undefined) {
        onEnd({ ...wholeOf(first, end, sent), ...ENDLESS });
        return;
      }
      if (end.outcome === 'ok' && requests === pages) tally.list(pages, request.context.measured);
      onEnd(pages === 1 ? end : wholeOf(first, end, sent));
    };
    this.next.send(request, onPage, true);
  }
}

/** The cursor of the next page: as a layer below has read it, or from the answer itself. */
function cursorOf({ nextCursor, body = '' }: CallEnd): string | undefined {
  return nextCursor === undefined ? nextCursorOf(body) : (nextCursor ?? undefined);
}

/**
 * The end of a list: it begins with its first page and ends with its last one, whose text it has. Its answer is otherwise that of the last
 * page, or of the latest one that was `sent`, so that a list of which a part was given from a cache has an instance.
 */
function wholeOf(first: CallEnd, last: CallEnd, sent: CallEnd | undefined): CallEnd {
  const { sentUs, firstByteUs, begunUs, unsent, servedBy: firstServedBy } = first;
  const { doneUs, failed, body } = last;
  const answer = last.cached === true ? (sent ?? last) : last;
  return {
    ...answer,
    sentUs,
    firstByteUs,
    doneUs,
    body,
    firstServedBy,
    ...(failed !== undefined && { failed }),
    // The first page has the number of the call, and the others have not.
    ...((unsent === true || (first.cached === true && sent !== undefined)) && { unsent: true }),
    ...(begunUs !== undefined && { begunUs }),
  };
}
