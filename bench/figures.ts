/** @module The figures that the bench measures in rounds: what each counts, and which direction is better. */

interface Kind {
  /** With its unit. */
  readonly what: string;
  readonly better: 'more' | 'less';
}

export const FIGURES = {
  perSecond: { what: 'calls/s', better: 'more' },
  busyUs: { what: 'busy us/call', better: 'less' },
  cpuUs: { what: 'CPU us/call', better: 'less' },
  cores: { what: 'cores used', better: 'less' },
  gcPercent: { what: 'GC, %', better: 'less' },
  peakMb: { what: 'peak RSS, MB', better: 'less' },
  preparedS: { what: 'before the load, s', better: 'less' },
  lagP50Us: { what: 'send lag p50, us', better: 'less' },
  lagP99Us: { what: 'send lag p99, us', better: 'less' },
  lagP999Us: { what: 'send lag p99.9, us', better: 'less' },
  achievedShare: { what: 'achieved/offered', better: 'more' },
  notOk: { what: 'calls not ok', better: 'less' },
  p50Ms: { what: 'response time p50, ms', better: 'less' },
  firstByteMs: { what: 'first byte, ms', better: 'less' },
  firstCallMs: { what: 'first call, ms', better: 'less' },
  checkUs: { what: 'us/check', better: 'less' },
  findNs: { what: 'lookup, ns', better: 'less' },
  findBytes: { what: 'lookup, bytes', better: 'less' },
  hitNs: { what: 'hit, ns', better: 'less' },
  hitBytes: { what: 'hit, bytes', better: 'less' },
  agentBytes: { what: 'bytes/agent', better: 'less' },
  bound: { what: 'limited by the generator (1) or not (0)', better: 'less' },
  auditS: { what: 'comparison of audit logs, s', better: 'less' },
  replayS: { what: 'replay, s', better: 'less' },
} as const satisfies Readonly<Record<string, Kind>>;

export type FigureName = keyof typeof FIGURES;
