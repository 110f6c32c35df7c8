/** @module One instance that is up, of a server of Paceline or of the user. */
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
  /** Sends it a message; absent of a server by its command, whose pid is that of its process group. */
  ask?(message: unknown): Promise<unknown>;
}
