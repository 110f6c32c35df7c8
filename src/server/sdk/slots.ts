/** @module Makes the requests for tools of an SDK server wait for their slots. The SDKs have no middleware, so the handlers are wrapped as they are set. */
import { systemClock } from '../../units/clock.ts';
import type { Queue } from '../queue.ts';
import type { ToolSet } from '../tools.ts';
import { activeRequest } from './active-request.ts';

/** Handles one JSON-RPC request; both SDKs pass the request first. */
type RequestHandler = (request: { readonly method: string }, ...rest: readonly unknown[]) => unknown;

interface Registry {
  setRequestHandler(kind: unknown, handler: RequestHandler): void;
}

/** Wraps the handlers of `tools/call` and `tools/list`, which an SDK sets on `server` when its first tool is registered. */
export function wrapToolHandlers(
  server: { readonly setRequestHandler: unknown },
  { queue, takeListTime }: ToolSet,
): void {
  if (queue === undefined && takeListTime === undefined) return;
  const registry = server as Registry;
  const setRequestHandler = registry.setRequestHandler.bind(registry);
  registry.setRequestHandler = (kind, handler) =>
    setRequestHandler(kind, (request, ...rest) => {
      if (request.method === 'tools/call') return inSlot(queue, () => handler(request, ...rest));
      if (request.method !== 'tools/list') return handler(request, ...rest);
      return inSlot(queue, async () => {
        await takeListTime?.();
        return handler(request, ...rest);
      });
    });
}

async function inSlot(queue: Queue | undefined, work: () => unknown): Promise<unknown> {
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
