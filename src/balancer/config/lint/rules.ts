/** @module The table of lint rules. A new rule is one file and one line here. */
import type { Rule } from './rule.ts';
import { cookieStickiness } from './rules/cookie-stickiness.ts';
import { eventStreamBuffering } from './rules/event-stream-buffering.ts';
import { mcpHeaderUnderscore } from './rules/mcp-header-underscore.ts';
import { mcpHeadersLost } from './rules/mcp-headers-lost.ts';
import { requestBuffering } from './rules/request-buffering.ts';
import { sessionHashBootstrap } from './rules/session-hash-bootstrap.ts';
import { sourceIpAffinity } from './rules/source-ip-affinity.ts';
import { stickTable } from './rules/stick-table.ts';
import { stickWithoutLearning } from './rules/stick-without-learning.ts';
import { streamTimeout } from './rules/stream-timeout.ts';
import { toolCallRetry } from './rules/tool-call-retry.ts';
import { upstreamKeepalive } from './rules/upstream-keepalive.ts';

export const RULES: readonly Rule[] = [
  sessionHashBootstrap,
  stickWithoutLearning,
  stickTable,
  eventStreamBuffering,
  requestBuffering,
  upstreamKeepalive,
  streamTimeout,
  toolCallRetry,
  cookieStickiness,
  mcpHeadersLost,
  mcpHeaderUnderscore,
  sourceIpAffinity,
];
