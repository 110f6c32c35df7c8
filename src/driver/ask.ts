/** @module One exchange as a promise, for those who make one after the other. */
import type { Request } from '../protocol/request.ts';
import type { Driver, Reply } from './driver.ts';

/** Sends `request` over `driver`. Resolves with a copy of the reply, which has the JSON text of the answer. */
export function ask(driver: Driver, request: Request): Promise<Reply> {
  return new Promise((resolve) => driver.send(request, (reply) => resolve({ ...reply }), true));
}
