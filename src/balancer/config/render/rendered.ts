/** @module The input of the renderers of printed configurations. */
import type { Topology } from '../../topology.ts';

export interface Rendered extends Topology {
  /** Where the servers answer MCP. */
  readonly path: string;
  /** Whether clients reach it over TLS. */
  readonly tls: boolean;
  /** Comment lines for the top of the file. */
  readonly heading: readonly string[];
}
