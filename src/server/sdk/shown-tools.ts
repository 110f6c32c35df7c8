/** @module The tools that an SDK server registers for a request: all, or those that its caller may call. */
import type { Guard } from '../../guard/guard.ts';
import type { Tool } from '../tools.ts';
import { activeRequest } from './active-request.ts';

/** Gives the tools for the request under way. */
export function shownTools(guard: Guard | undefined, tools: readonly Tool[]): () => readonly Tool[] {
  if (guard === undefined || !guard.listsByCaller) return () => tools;
  const names = tools.map(({ name }) => name);
  const made = new WeakMap<readonly string[], readonly Tool[]>();
  return () => {
    const listed = guard.listed(names, activeRequest()?.allowance?.identity);
    const shown = made.get(listed) ?? tools.filter(({ name }) => listed.includes(name));
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
