/** @module What agents have to know of a server that is not built into Paceline. */
import type { OpenedSession } from '../../protocol/sessions.ts';
import type { ListedTool } from '../../protocol/tool-list.ts';

/**
 * A server that is not built into Paceline, as the probe found it: plain data. The built-in servers need less of a client: they set
 * no cookies, send no requests and mirror no parameters.
 */
export interface ForeignServer {
  /** Stateless era: its tools, with the parameters that clients mirror in header fields. */
  readonly tools: readonly ListedTool[];
  /** A session that the first agent takes over instead of opening one. */
  readonly session?: OpenedSession;
}
