/** @module The figures of the quantity `connections`, as a summary has them. */
import { z } from 'zod';
import { Distribution } from './distribution.ts';

const count = z.int().min(0);

/** Connections of the pools. Streams that stay open have their own, which are not among them. */
export const ConnectionFigures = z.object({
  /** How many were opened ahead of the load and in the warm-up, and how many in the measured time. */
  before: count,
  measured: count,
  /** All of them by version of HTTP: `1.1`, `2`. */
  http: z.record(z.string(), count),
  /** The rest is of those that were opened in the measured time; where none was, of those before, which are mostly opened all at once. */
  handshakes: count,
  /** Handshakes that resumed a session of TLS. */
  resumed: count,
  /** Their share; null without TLS. */
  resumedShare: z.number().min(0).max(1).nullable(),
  /** Until TCP was up. */
  connect: Distribution,
  /** From then until TLS was ready; null without TLS. */
  handshake: Distribution.nullable(),
  /** How often a call was sent again that the server had not processed (GOAWAY, REFUSED_STREAM). Absent from older results. */
  resent: count.optional(),
});
export type ConnectionFigures = z.infer<typeof ConnectionFigures>;
