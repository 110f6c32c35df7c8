/** @module One running instance, of a built-in server or of the user's server. */
import type { Exit } from '../../process/exit.ts';
import type { Found } from '../probe.ts';

/** A server process that answers. */
export interface Running {
  /** Its MCP endpoint, on loopback. */
  readonly url: string;
  /** The name in its answers; `undefined` when they contain none. */
  readonly name: string | undefined;
  /** What the probe found; absent of a built-in server. */
  readonly found?: Found;
  /** Process id of the server itself. */
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason; never rejects. */
  readonly exited: Promise<Exit>;
  /** Stops it; resolves when it has ended. */
  stop(): Promise<void>;
  /** Sends it a message; absent for a server started by a command, whose pid is that of its process group. */
  ask?(message: unknown): Promise<unknown>;
}
