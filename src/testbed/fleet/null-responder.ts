/** @module Starts a null responder: an MCP server that does nothing, as fast as Node allows. */
import { startChild } from '../../process/child.ts';
import { type InstanceReady, MCP_PATH } from '../../server/instance.ts';
import { compiledModule } from '../../units/compiled.ts';

/** A running null responder. */
export interface NullResponder {
  /** `http://127.0.0.1:PORT/mcp`; every path gives the same answer. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a null responder in a process of its own. Rejects with a `UserError`, or with the signal's reason when aborted first. */
export async function startNullResponder(signal?: AbortSignal): Promise<NullResponder> {
  const child = await startChild<InstanceReady>(
    {
      name: 'null responder',
      module: compiledModule(import.meta.url, '../../server/null/responder'),
      input: undefined,
      readyWithinUs: 30e6,
    },
    signal,
  );
  return {
    url: `http://127.0.0.1:${child.ready.port}${MCP_PATH}`,
    pid: child.pid,
    stop: () => child.stop(),
  };
}
