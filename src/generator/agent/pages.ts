/** @module The layer that asks for all pages of a list. Source: MCP 2025-11-25 and 2026-07-28, Pagination. */
import { asciiJson, type CallEncoder } from '../../protocol/call.ts';
import { nextCursorOf } from '../../protocol/tool-list.ts';
import type { PageTally } from '../../recording/measure/pages.ts';
import { type AgentRequest, type CallEnd, type Caller, type Layer, PassingCaller } from './caller.ts';
import { type OwnIds, OwnRequest } from './own-request.ts';

export interface PagesOptions {
  /** Makes the request for a page from its cursor. */
  readonly encode: CallEncoder;
  readonly ids: OwnIds;
  readonly tally: PageTally;
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
    if (request.operation.isPaged === true) this.#sendAll(request, onEnd);
    else this.next.send(request, onEnd, keepBody, onMessage);
  }

  #sendAll(request: AgentRequest, onEnd: (end: CallEnd) => void): void {
    const { encode, ids, tally } = this.#options;
    let first: CallEnd | undefined;
    let pages = 0;
    const onPage = (end: CallEnd): void => {
      first ??= end;
      pages += 1;
      const cursor = end.outcome === 'ok' ? nextCursorOf(end.body ?? '') : undefined;
      if (cursor !== undefined && pages < MOST_PAGES) {
        const page = new OwnRequest(request.operation.method, request.context, (fields) =>
          encode(ids.next(), asciiJson(cursor), true, fields),
        );
        this.next.send(page, onPage, true);
        return;
      }
      if (end.outcome === 'ok') tally.list(pages, request.context.measured);
      onEnd(pages === 1 ? end : wholeOf(first, end));
    };
    this.next.send(request, onPage, true);
  }
}

/** The end of a list: it begins with its first page, and everything else is of the last one. */
function wholeOf(first: CallEnd, last: CallEnd): CallEnd {
  const { sentUs, firstByteUs, begunUs } = first;
  return { ...last, sentUs, firstByteUs, ...(begunUs !== undefined && { begunUs }) };
}
