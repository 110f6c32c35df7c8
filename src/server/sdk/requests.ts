/**
 * @module How an SDK server answers requests about what it offers: calls, lists and reads in a slot, lists in pages, and each cacheable result with
 * the version of the catalogue. The SDKs have no middleware, so the handlers are wrapped as they are set.
 */
import type { OfferSettings } from '../../profile/settings.ts';
import { CATALOGUE_VERSION_KEY } from '../../protocol/caching/hints.ts';
import { isCacheable, LIST_METHODS } from '../../protocol/caching/methods.ts';
import type { JsonObject } from '../../protocol/json-object.ts';
import { systemClock } from '../../units/clock.ts';
import { listContent, promptContent, readContent } from '../offer/content.ts';
import type { Offer } from '../offer/offer.ts';
import type { ListMethod } from '../offer/pages.ts';
import type { Queue } from '../queue.ts';
import type { Started } from '../started.ts';
import type { Tool } from '../tools.ts';
import { activeRequest } from './active-request.ts';
import type { Refuse } from './registered-tool.ts';
import { type HandlerContext, wholeParams } from './tool-params.ts';

interface Request {
  readonly method: string;
  readonly params?: JsonObject | undefined;
}

/** Handles one JSON-RPC request; both SDKs pass the request first. */
type RequestHandler = (request: Request, ...rest: readonly unknown[]) => unknown;

interface Registry {
  setRequestHandler(kind: unknown, handler: RequestHandler | object, more?: unknown): void;
}

/** What is offered to one caller. */
export interface Offered extends Omit<Started, 'offer'> {
  readonly offer: () => Offer;
  readonly settings: OfferSettings;
  /** What a server of the era `stateless` says that it can do, beside what all of them can. */
  readonly capabilities: JsonObject;
  /** The tools that the caller is shown. */
  readonly shown: () => readonly Tool[];
  /** Throws the SDK's error for what is wrong with the parameters; `uri`: that of a resource which does not exist. */
  readonly invalid: (what: string, uri?: unknown) => never;
  readonly refuse: Refuse;
}

/** Wraps the handlers that are set on `server` from now on. */
export function wrapHandlers(server: { readonly setRequestHandler: unknown }, offered: Offered): void {
  const registry = server as Registry;
  const setRequestHandler = registry.setRequestHandler.bind(registry);
  const { queue, takeListTime } = offered;
  registry.setRequestHandler = (kind, ...given) => {
    // A method that the SDK does not know is given with a schema, and is no list.
    const [handler, more] = given;
    if (typeof handler !== 'function') return setRequestHandler(kind, handler, more);
    return setRequestHandler(kind, (request, ...rest) => {
      const { method } = request;
      if (method === 'tools/call') {
        return inSlot(queue, () => refusedOr(handler(request, ...rest), offered.refuse));
      }
      if (!isCacheable(method)) return handler(request, ...rest);
      const answer = async (): Promise<object> => withVersion(await handler(request, ...rest), offered);
      if (method === 'server/discover') return answer();
      return inSlot(queue, async () => {
        await takeListTime?.();
        return method === 'tools/list' ? (pageOfTools(request, offered) ?? answer()) : answer();
      });
    });
  };
}

/** What the SDK makes of a call; a JSON-RPC error that the tool has answered, of which the SDK makes a failed call, is one again. */
async function refusedOr(result: unknown, refuse: Refuse): Promise<unknown> {
  const answered = await result;
  const refusal = activeRequest()?.refusal;
  return refusal === undefined ? answered : refuse(refusal);
}

/** The page of tools that is asked for; `undefined` where a list is one page: then the SDK makes it, as where it is deployed. */
function pageOfTools({ params }: Request, offered: Offered): object | undefined {
  const { settings, shown } = offered;
  if (settings.pageSize === undefined && params?.['cursor'] === undefined) return undefined;
  return withVersion(list('tools/list', params, offered, shown()), offered);
}

function list(
  method: ListMethod,
  params: JsonObject | undefined,
  { offer, settings, invalid }: Offered,
  shown?: readonly Tool[],
): object {
  return listContent(method, offer(), settings, params?.['cursor'], shown) ?? invalid('unknown cursor');
}

const withVersion = (result: unknown, { offer }: Offered): object => ({
  ...(result as object),
  _meta: { ...(result as { readonly _meta?: object })._meta, [CATALOGUE_VERSION_KEY]: offer().version },
});

type OfferHandler = (request: Request, context: HandlerContext) => object;

/**
 * The handlers of resources and prompts by their method. `McpServer` of the SDKs divides no list into pages, and would have to register each
 * entry anew for every request, so these are set on its low-level server, as its documentation says.
 */
export function offerHandlers(offered: Offered): Readonly<Record<string, OfferHandler>> {
  const { offer, settings, invalid } = offered;
  const lists = LIST_METHODS.filter((method) => method !== 'tools/list').map(
    (method) => [method, ({ params }: Request) => list(method, params, offered)] as const,
  );
  return {
    ...Object.fromEntries(lists),
    'resources/read': ({ params }) => {
      const uri = params?.['uri'];
      return readContent(offer(), settings, uri) ?? invalid(`unknown resource ${JSON.stringify(uri)}`, uri);
    },
    'prompts/get': ({ params: given = {} }, context) => {
      const params = wholeParams(given, context);
      const identity = activeRequest()?.allowance?.identity;
      const content = promptContent(offer(), { params, identity });
      return content ?? invalid(`unknown prompt ${JSON.stringify(params['name'])}`);
    },
  };
}

/** Does `work`, in a slot of `queue` where there is one. */
export async function inSlot(queue: Queue | undefined, work: () => unknown): Promise<unknown> {
  const request = activeRequest();
  if (queue === undefined || request === undefined) return work();
  const enteredUs = systemClock.now();
  const result = await queue.run(request.caller, () => {
    request.queueUs = systemClock.now() - enteredUs;
    return work();
  });
  // Nobody reads it: the connection has closed.
  if (result === undefined) throw new Error('The caller went away before its turn');
  return result;
}
