/** @module A list of tools that a layer asks for itself, all pages of it. */
import { asciiJson, type CallEncoder } from '../../protocol/call.ts';
import { jsonText } from '../../protocol/call-arguments.ts';
import { type ListedTool, readToolPage } from '../../protocol/tool-list.ts';
import type { CallContext, Caller } from './caller.ts';
import { type OwnIds, OwnRequest } from './own-request.ts';
import { MOST_PAGES } from './pages.ts';

export interface ToolListing {
  /** What makes the request for a page of `tools/list`. */
  readonly encode: CallEncoder;
  readonly ids: OwnIds;
}

/** Asks through `next` for the tools; `onTools` gets them, or undefined when a page was not answered with tools. */
export function listTools(
  next: Caller,
  { encode, ids }: ToolListing,
  context: CallContext,
  onTools: (tools: readonly ListedTool[] | undefined) => void,
): void {
  const tools: ListedTool[] = [];
  let pages = 0;
  const ask = (cursor: string | undefined): void => {
    const cursorJson = cursor === undefined ? undefined : jsonText(asciiJson(cursor));
    const operation = { method: 'tools/list', ...(cursor !== undefined && { cursor }) };
    const request = new OwnRequest(operation, context, (fields) => encode(ids.next(), cursorJson, fields));
    next.send(
      request,
      ({ outcome, body = '' }) => {
        const page = outcome === 'ok' ? readToolPage(body) : undefined;
        pages += 1;
        if (page === undefined || (page.nextCursor !== undefined && pages === MOST_PAGES)) {
          onTools(undefined);
          return;
        }
        tools.push(...page.tools);
        if (page.nextCursor === undefined) onTools(tools);
        else ask(page.nextCursor);
      },
      true,
    );
  };
  ask(undefined);
}
