/** @module The tools that an SDK server registers for a request: all, or those that its caller may call. */
import type { Guard } from '../../guard/guard.ts';
import type { Offer } from '../offer/offer.ts';
import type { Tool } from '../tools.ts';
import { activeRequest } from './active-request.ts';

/** Gives those of the tools of an offer that the caller of the request under way may call. */
export function shownTools(guard: Guard | undefined): (offer: Offer) => readonly Tool[] {
  if (guard === undefined || !guard.listsByCaller) return ({ tools }) => tools.entries;
  const names = new WeakMap<Offer, readonly string[]>();
  const made = new WeakMap<readonly string[], readonly Tool[]>();
  return (offer) => {
    const { entries } = offer.tools;
    const all = names.get(offer) ?? entries.map(({ name }) => name);
    names.set(offer, all);
    const listed = guard.listed(all, activeRequest()?.allowance?.identity);
    const shown = made.get(listed) ?? entries.filter(({ name }) => listed.includes(name));
    made.set(listed, shown);
    return shown;
  };
}

/** Makes a server without tools answer `tools/list`: the SDKs know the method once a tool has been registered. */
export function listNoTools(server: {
  registerTool(name: string, config: object, call: () => never): { remove(): void };
}): void {
  const call = (): never => {
    throw new Error('This tool is never there');
  };
  server.registerTool('none', {}, call).remove();
}
