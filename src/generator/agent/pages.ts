/** @module The layer that asks for all pages of a list. Source: MCP 2025-11-25 and 2026-07-28, Pagination. */
import { LIST_METHODS } from '../../protocol/caching/methods.ts';
import { asciiJson, type Call, type CallEncoder } from '../../protocol/call.ts';
import { nextCursorOf } from '../../protocol/tool-list.ts';
import type { PageTally } from '../../recording/measure/pages.ts';
import { type AgentRequest, type CallEnd, type Caller, type Layer, PassingCaller } from './caller.ts';
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
const MOST_PAGES = 1000;

class PagingCaller extends PassingCaller {
  readonly #options: PagesOptions;

  constructor(next: Caller, options: PagesOptions) {
    super(next);
    this.#options = options;
  }

  override send(
    request: AgentRequest,
    onEnd: (end: CallEnd) => void,
    keepBody?: boolean,
    onMessage?: (text: string) => void,
  ): void {
    const encode = request.operation.isPaged
      ? this.#options.encoders.get(request.operation.method)
      : undefined;
    if (encode !== undefined) this.#sendAll(request, encode, onEnd);
    else this.next.send(request, onEnd, keepBody, onMessage);
  }

  #sendAll(request: AgentRequest, encode: CallEncoder, onEnd: (end: CallEnd) => void): void {
    const { ids, tally } = this.#options;
    const { method } = request.operation;
    let first: CallEnd | undefined;
    let pages = 0;
    let isCached = true;
    const onPage = (end: CallEnd): void => {
      first ??= end;
      pages += 1;
      isCached &&= end.cached === true;
      const cursor = end.outcome === 'ok' ? cursorOf(end) : undefined;
      if (cursor !== undefined && pages < MOST_PAGES) {
        const page = new OwnRequest({ method, cursor }, request.context, (fields) =>
          encode(ids.next(), asciiJson(cursor), true, fields),
        );
        this.next.send(page, onPage, true);
        return;
      }
      if (end.outcome === 'ok') tally.list(pages, request.context.measured);
      onEnd(pages === 1 ? end : wholeOf(first, end, isCached));
    };
    this.next.send(request, onPage, true);
  }
}

/** The cursor of the next page: as a layer below has read it, or from the answer itself. */
function cursorOf({ nextCursor, body = '' }: CallEnd): string | undefined {
  return nextCursor === undefined ? nextCursorOf(body) : (nextCursor ?? undefined);
}

/** The end of a list: it begins with its first page, and everything else is of the last one. `isCached`: all of its pages were given from a cache. */
function wholeOf(first: CallEnd, last: CallEnd, isCached: boolean): CallEnd {
  const { sentUs, firstByteUs, begunUs, unsent } = first;
  return {
    ...last,
    sentUs,
    firstByteUs,
    ...(last.cached === true && { cached: isCached }),
    // The first page has the number of the call, and the others have not.
    ...((unsent === true || (first.cached === true && !isCached)) && { unsent: true }),
    ...(begunUs !== undefined && { begunUs }),
  };
}
