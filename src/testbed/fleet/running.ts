/** @module One instance that is up, whoever wrote its server. */
import type { Exit } from '../../process/exit.ts';

/** A server process that answers. */
export interface Running {
  /** Its MCP endpoint, on loopback. */
  readonly url: string;
  /** How it names itself in its answers; `undefined` when it does not. */
  readonly name: string | undefined;
  /** Of the server itself. */
  readonly pid: number;
  /** Resolves when the process has ended, whatever ended it; never rejects. */
  readonly exited: Promise<Exit>;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
  /** Tells it something; absent of a server that is not ours, whose pid is that of its process group. */
  ask?(message: unknown): Promise<unknown>;
}
