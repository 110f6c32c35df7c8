/** @module Result documents for the tests of the reports: the demo and the odd cases, with genuine histograms and windows. */
import { build, encodeIntoCompressedBase64, type Histogram, Int32Histogram } from 'hdr-histogram-js';
import type { Outcome } from '../protocol/outcome.ts';
import { answered } from '../protocol/outcome.ts';
import { compareVariants } from '../result/comparison/compare.ts';
import { type Repetition, type ResultDocument, Summary, type VariantResult } from '../result/document.ts';
import { type Distribution, statisticOf } from '../result/measure/distribution.ts';
import { timelineOf } from '../result/summary/summarise.ts';
import { withConclusions } from '../result/summary/variant-result.ts';
import { randomAt } from '../units/random.ts';
import { noteText } from './note-text.ts';

/** How the calls of one invented variant fare. */
export interface Behaviour {
  readonly name: string;
  readonly era: 'stateless' | 'sessions';
  readonly policy: string;
  /** Probability that a call of a session reaches its owner. */
  readonly ownerHit: number;
  readonly medianUs: number;
  /** Relative weights of the instances. */
  readonly weights: readonly number[];
  readonly perSecond?: number;
  readonly seconds?: number;
  /** Share of `tools/list` among the calls; a tenth where it is not said. */
  readonly listShare?: number;
  /** An outcome that befalls this share of the calls that would have been ok. */
  readonly failure?: { readonly outcome: Outcome; readonly detail: string; readonly share: number };
}

interface Made {
  readonly call: string;
  readonly outcome: Outcome;
  readonly detail: string | undefined;
  readonly instance: string;
  readonly owner: boolean;
  readonly lagUs: number;
  readonly serviceUs: number;
  readonly atUs: number;
}

export const EVEN = [1, 1, 1, 1];
const SEED = 20260728;

export const DEMO: readonly Behaviour[] = [
  {
    name: 'sessions, round-robin',
    era: 'sessions',
    policy: 'round-robin',
    ownerHit: 0.25,
    medianUs: 2100,
    weights: EVEN,
  },
  {
    name: 'sessions, sticky',
    era: 'sessions',
    policy: 'sticky',
    ownerHit: 1,
    medianUs: 3000,
    weights: [1.3, 0.9, 1, 0.8],
  },
  {
    name: 'sessions, hash-session',
    era: 'sessions',
    policy: 'hash-session',
    ownerHit: 0.27,
    medianUs: 2150,
    weights: [1.1, 1, 0.8, 1.1],
  },
  {
    name: 'stateless, round-robin',
    era: 'stateless',
    policy: 'round-robin',
    ownerHit: 1,
    medianUs: 2600,
    weights: EVEN,
  },
];

const emptyHistogram = (): Histogram =>
  build({
    bitBucketSize: 32,
    numberOfSignificantValueDigits: 3,
    highestTrackableValue: 60e6,
    useWebAssembly: false,
  });

/** Counts nothing: says which values a histogram takes for the same one. */
const SCALE = new Int32Histogram(1, 60e6, 3);
const recorded = (value: number): number => Math.max(1, Math.round(value));

/** What a histogram of `values` says of them, without its many counts: samples have thousands of distributions. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = Float64Array.from(values, recorded).sort();
  const { length } = sorted;
  const at = (percentile: number): number => {
    const rank = Math.max(1, Math.ceil((percentile / 100) * length - 1e-9));
    return length === 0 ? 0 : SCALE.highestEquivalentValue(sorted[rank - 1]!);
  };
  const sum = sorted.reduce((before, value) => before + SCALE.medianEquivalentValue(value), 0);
  return {
    count: length,
    meanUs: length === 0 ? 0 : Math.round(sum / length),
    p50Us: at(50),
    p90Us: at(90),
    p95Us: at(95),
    p99Us: at(99),
    p999Us: at(99.9),
    maxUs: at(100),
  };
}

export function histogramOf(values: readonly number[]): Histogram {
  const histogram = emptyHistogram();
  for (const value of values) histogram.recordValue(recorded(value));
  return histogram;
}

function makeCalls(behaviour: Behaviour, index: number): readonly Made[] {
  const random = randomAt(SEED, 'service', index);
  const perSecond = behaviour.perSecond ?? 400;
  const total = Math.round(perSecond * (behaviour.seconds ?? 10));
  const weight = behaviour.weights.reduce((a, b) => a + b, 0);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const made: Made[] = [];
  for (let seq = 0; seq < total; seq += 1) {
    let left = random.next() * weight;
    let chosen = 0;
    while (chosen < behaviour.weights.length - 1 && left > behaviour.weights[chosen]!) {
      left -= behaviour.weights[chosen]!;
      chosen += 1;
    }
    const owner = behaviour.ownerHit === 1 || random.next() < behaviour.ownerHit;
    const lost = behaviour.era === 'sessions' && !owner;
    const failed = !lost && behaviour.failure !== undefined && random.next() < behaviour.failure.share;
    const slow = random.next() < 0.004 ? 12 : 1;
    made.push({
      call: random.next() < (behaviour.listShare ?? 0.1) ? 'tools/list' : 'tools/call echo',
      outcome: lost ? 'session-lost' : failed ? behaviour.failure!.outcome : 'ok',
      detail: lost ? '404 -32001 Session not found' : failed ? behaviour.failure!.detail : undefined,
      instance: String(chosen + 1),
      owner,
      lagUs: Math.round(60 + 90 * random.next() + (random.next() < 0.01 ? 900 : 0)),
      serviceUs: Math.round((lost ? 0.7 : 1) * slow * behaviour.medianUs * Math.exp(0.35 * normal())),
      atUs: Math.round((seq / perSecond) * 1e6),
    });
  }
  return made;
}

const responseUs = (call: Made): number => call.lagUs + call.serviceUs;
/** As the recorder has it: refused and broken connections have no times. */
const isTimed = ({ outcome }: Made): boolean => answered(outcome) || outcome === 'timeout';
const isOk = (call: Made): boolean => call.outcome === 'ok';

function groups(calls: readonly Made[], key: (call: Made) => string): readonly (readonly [string, Made[]])[] {
  const map = new Map<string, Made[]>();
  for (const call of calls) {
    const list = map.get(key(call));
    if (list) list.push(call);
    else map.set(key(call), [call]);
  }
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function windowsOf(calls: readonly Made[]): Summary['windows'] {
  const second = (us: number): number => Math.floor(us / 1e6);
  const seconds = new Set(calls.map((call) => second(call.atUs)));
  return [...seconds].map((at) => {
    const ended = calls.filter((call) => second(call.atUs) === at);
    const times = distributionOf(ended.filter(isTimed).map(responseUs));
    const ok = ended.filter(isOk).length;
    return {
      atMs: at * 1000,
      sent: ended.length,
      ok,
      errors: ended.length - ok,
      p50Us: times.p50Us,
      p99Us: times.p99Us,
    };
  });
}

/** A span per second, as the result has them. */
function overTimeOf(calls: readonly Made[]): VariantResult['overTime'] {
  const seconds = groups(calls.filter(isTimed), (call) =>
    String(Math.floor(call.atUs / 1e6)).padStart(4, '0'),
  );
  return seconds.map(([second, ended]) => {
    const times = distributionOf(ended.map(responseUs));
    const at = (key: 'p50Us' | 'p95Us' | 'p99Us') => statisticOf(times, key);
    return {
      atMs: Number(second) * 1000,
      lengthMs: 1000,
      calls: times.count,
      p50Us: at('p50Us'),
      p95Us: at('p95Us'),
      p99Us: at('p99Us'),
    };
  });
}

function balanceOf(counts: readonly number[]): Omit<Summary['balance'], 'uneven'> {
  const sum = counts.reduce((a, b) => a + b, 0);
  if (sum === 0) return { jain: null, maxOverMean: null };
  const squares = counts.reduce((a, b) => a + b * b, 0);
  return {
    jain: (sum * sum) / (counts.length * squares),
    maxOverMean: Math.max(...counts) / (sum / counts.length),
  };
}

function detailsOf(calls: readonly Made[]): readonly { outcome: Outcome; detail: string; count: number }[] {
  return groups(
    calls.filter((call) => !isOk(call)),
    (call) => `${call.outcome}\n${call.detail}`,
  ).map(([, same]) => ({
    outcome: same[0]!.outcome,
    detail: same[0]!.detail ?? '',
    count: same.length,
  }));
}

function summaryOf(behaviour: Behaviour, calls: readonly Made[], repetitions: number): Summary {
  const seconds = (behaviour.seconds ?? 10) * repetitions;
  const timed = calls.filter(isTimed);
  const times = timed.map(responseUs);
  const ok = calls.filter(isOk).length;
  const instances = groups(
    calls.filter(({ outcome }) => outcome !== 'refused'),
    (call) => call.instance,
  );
  const owners = calls.filter((call) => call.owner).length;
  const lost = calls.filter((call) => call.outcome === 'session-lost').length;
  const outcomes = Object.fromEntries(
    groups(calls, (call) => call.outcome).map(([name, of]) => [name, of.length]),
  );
  // The schema fills in what follows from the counts.
  return Summary.parse({
    calls: {
      due: calls.length,
      sent: calls.length,
      dropped: 0,
      done: calls.length,
      ok,
      errorRate: calls.length === 0 ? 0 : 1 - ok / calls.length,
      outcomes: { ok: 0, ...outcomes },
      details: detailsOf(calls),
    },
    rate: {
      offeredPerSecond: behaviour.perSecond ?? 400,
      achievedPerSecond: seconds === 0 ? 0 : calls.filter((call) => answered(call.outcome)).length / seconds,
      goodputPerSecond: seconds === 0 ? 0 : ok / seconds,
    },
    responseTime: distributionOf(times),
    okResponseTime: distributionOf(timed.filter(isOk).map(responseUs)),
    serviceTime: distributionOf(timed.map((call) => call.serviceUs)),
    sendLag: distributionOf(timed.map((call) => call.lagUs)),
    byCall: Object.fromEntries(
      groups(calls, (call) => call.call).map(([name, of]) => [
        name,
        {
          calls: of.length,
          ok: of.filter(isOk).length,
          responseTime: distributionOf(of.filter(isTimed).map(responseUs)),
          serviceTime: distributionOf(of.filter(isTimed).map((call) => call.serviceUs)),
        },
      ]),
    ),
    byInstance: Object.fromEntries(
      instances.map(([id, of]) => [
        id,
        { calls: of.length, responseTime: distributionOf(of.filter(isTimed).map(responseUs)) },
      ]),
    ),
    balance: balanceOf(instances.map(([, of]) => of.length)),
    sessions:
      behaviour.era === 'stateless'
        ? null
        : {
            opened: 64 * repetitions + lost,
            lost,
            reinitialised: lost,
            failed: 0,
            handshakesBroken: behaviour.ownerHit === 1 ? 0 : Math.round((64 * repetitions + lost) * 0.75),
            streamsOpened: behaviour.ownerHit === 1 ? 64 * repetitions : 16 * repetitions,
            streamsRefused: behaviour.ownerHit === 1 ? 0 : 48 * repetitions,
            ownerHitRate: calls.length === 0 ? null : owners / calls.length,
            ownerHits: owners,
            ownerCalls: calls.length,
            callsOnOwner: owners,
            callsInSession: calls.length,
          },
    histograms: {
      responseTime: encodeIntoCompressedBase64(histogramOf(times)),
      serviceTime: encodeIntoCompressedBase64(histogramOf(timed.map((call) => call.serviceUs))),
      sendLag: encodeIntoCompressedBase64(histogramOf(timed.map((call) => call.lagUs))),
    },
    windows: windowsOf(calls),
  });
}

function repetitionOf(
  behaviour: Behaviour,
  calls: readonly Made[],
  index: number,
  order: number,
): Repetition {
  const summary = summaryOf(behaviour, calls, 1);
  return {
    ...summary,
    timeline: timelineOf(summary.windows),
    index,
    order,
    startedAt: `2026-08-03T09:${String(10 + order).padStart(2, '0')}:00.000Z`,
    complete: true,
    generator: {
      cpu: 0.31,
      eventLoopDelayP99Us: 1400,
      gc: 0.012,
      driver: 'undici',
      workers: 1,
      bound: false,
      reasons: [],
    },
    notes: [],
  };
}

/** One variant, measured `repetitions` times. */
function variantOf(
  behaviour: Behaviour,
  place: number,
  variants: number,
  repetitions: number,
): VariantResult {
  const runs = Array.from({ length: repetitions }, (_, index) => makeCalls(behaviour, place * 100 + index));
  const measured = {
    name: behaviour.name,
    settings: {
      overrides: { 'fleet.era': behaviour.era, 'balancer.policy': behaviour.policy },
      target: 'fleet',
      era: behaviour.era,
      server: 'lean',
      instances: behaviour.weights.length,
      balancer: 'embedded',
      policy: behaviour.policy,
      load: '400/s poisson for 10 s after 2 s',
      agents: 64,
      connections: 64,
    },
    repetitions: runs.map((calls, index) => repetitionOf(behaviour, calls, index, index * variants + place)),
    summary: repetitions === 0 ? null : summaryOf(behaviour, runs.flat(), repetitions),
    overTime: overTimeOf(runs.flat()),
  };
  return withConclusions(measured);
}

/** The document with `change` made to every variant, and what follows from that. */
export function changed(
  document: ResultDocument,
  change: (variant: VariantResult, place: number) => VariantResult,
): ResultDocument {
  const variants = document.variants.map((variant, place) => withConclusions(change(variant, place)));
  const comparisons = document.comparisons.length === 0 ? [] : compareVariants(variants);
  return { ...document, variants, comparisons };
}

/** Documents are costly to make and never changed. */
export function once(make: () => ResultDocument): () => ResultDocument {
  let made: ResultDocument | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** What `make` makes of an input, made once for each that is alike. It is costly to make and never changed. */
export function onceFor<Input, Made>(make: (input: Input) => Made): (input: Input) => Made {
  const known = new Map<string, Made>();
  return (input) => {
    const key = JSON.stringify(input);
    const made = known.get(key) ?? make(input);
    known.set(key, made);
    return made;
  };
}

/** A document of these behaviours. */
export function documentOf(behaviours: readonly Behaviour[], repetitions = 3): ResultDocument {
  const variants = behaviours.map((one, place) => variantOf(one, place, behaviours.length, repetitions));
  return {
    schema: 'paceline/result@1',
    paceline: '0.1.0',
    createdAt: '2026-08-03T09:10:00.000Z',
    seed: 1,
    complete: true,
    profile: {
      version: 1,
      title: 'Sticky sessions against round-robin',
      repetitions,
      load: { rate: '400/s', warmup: '2s' },
    },
    machine: {
      cpu: 'AMD EPYC 7B13',
      cores: 8,
      memoryBytes: 33_554_432_000,
      os: 'Linux 6.8.0',
      node: 'v20.20.2',
      loadAverage1: 0.42,
    },
    variants,
    comparisons: compareVariants(variants),
    verdict: { status: 'none', reasons: [] },
  };
}

/** The demo as it should come out: four variants, three repetitions. */
export const demo = once(() =>
  changed(documentOf(DEMO), (variant, place) =>
    place === 3 ? { ...variant, base: DEMO[1]!.name } : variant,
  ),
);

/** The demo as a user would run it in a pipeline: with thresholds, flags with a credential, and notes. */
export const judged = once((): ResultDocument => {
  const lag = (repetition: number): NonNullable<Repetition['observations']>[number] => ({
    kind: 'send-lag',
    part: 'generator',
    percentile: 99,
    lagUs: 2000 + 500 * repetition,
    responseUs: 9000,
    cause: 'no-core',
    cpu: 0.4,
    connections: 64,
  });
  const unnamed = { kind: 'instances-unnamed', part: 'target', header: 'x-pod' } as const;
  const document = changed(demo(), (variant, place) => ({
    ...variant,
    repetitions: variant.repetitions.map((one) => {
      const observations = [unnamed, ...(place === 1 && one.index > 0 ? [lag(one.index)] : [])];
      return { ...one, observations, notes: observations.map(noteText) };
    }),
  }));
  const check = {
    variant: DEMO[1]!.name,
    threshold: 'p(99) < 5ms',
    status: 'fail' as const,
    measured: '7.42 ms',
  };
  const reason = `${DEMO[1]!.name}: p(99) < 5ms: measured 7.42 ms`;
  const open = `${DEMO[3]!.name}: p(99.99) < 1s: 12,000 calls are too few for it`;
  return {
    ...document,
    profile: { ...document.profile, target: { headers: { Authorization: '(not recorded)' } } },
    profileFile: 'load/nightly.yaml',
    command: ['run', 'load/nightly.yaml', '--header', 'Authorization: (not recorded)', '--seed', '1'],
    verdict: {
      status: 'fail',
      reasons: [reason, open],
      checks: [
        { variant: DEMO[3]!.name, threshold: 'error_rate < 1%', status: 'pass', measured: '0 %' },
        { ...check, reason },
        {
          variant: DEMO[3]!.name,
          threshold: 'p(99.99) < 1s',
          status: 'inconclusive',
          reason: open,
          why: '12,000 calls are too few for it',
        },
      ],
    },
  };
});

export const oneVariant = once(() => documentOf([{ ...DEMO[3]!, name: 'default' }], 1));

/** Ended by hand during the second round: the last variant has nothing, one trial is cut short. */
export const interrupted = once(() => {
  const whole = changed(documentOf(DEMO, 2), (variant, place) => {
    if (place === 3) return { ...variant, repetitions: [], summary: null };
    if (place !== 1) return { ...variant, repetitions: variant.repetitions.slice(0, 1) };
    return {
      ...variant,
      repetitions: variant.repetitions.map((one, at) => ({ ...one, complete: at === 0 })),
    };
  });
  return {
    ...whole,
    complete: false,
    comparisons: [],
    verdict: { status: 'inconclusive', reasons: ['interrupted before every trial was run'] },
    profile: { ...whole.profile, repetitions: 3 },
  };
});

export const zeroCalls = once(() =>
  documentOf(
    [
      { ...DEMO[3]!, perSecond: 0, seconds: 10 },
      { ...DEMO[1]!, perSecond: 0 },
    ],
    1,
  ),
);

/** Twelve variants whose long names differ only near the end. */
export const manyVariants = once(() =>
  documentOf(
    Array.from({ length: 12 }, (_, place) => ({
      ...DEMO[place % 4]!,
      name: `a fleet of the official SDK's servers with in-memory sessions behind the balancer, policy ${DEMO[place % 4]!.policy}, ${place + 1} ms TTL`,
      medianUs: 1800 + 400 * place,
      perSecond: 100,
      ...(place === 5
        ? { failure: { outcome: 'timeout' as const, detail: 'no complete answer within 5 s', share: 0.02 } }
        : {}),
    })),
  ),
);

export const allFailed = once(() => ({
  ...documentOf([
    { ...DEMO[3]!, failure: { outcome: 'refused', detail: 'ECONNREFUSED 127.0.0.1:3000', share: 1 } },
  ]),
  verdict: { status: 'fail', reasons: ['error_rate < 0.1%: 100 % of the calls failed'] },
}));

/** Every call was due and none was sent. */
export const allDropped = once(() => {
  const nothing = variantOf({ ...DEMO[3]!, perSecond: 0 }, 0, 1, 1);
  const counts = { due: 1000, dropped: 1000, errorRate: 1, errors: 1000, shares: { dropped: 1 } };
  const calls = { ...nothing.summary!.calls, ...counts };
  const without = <T extends Summary>(summary: T): T => ({ ...summary, calls });
  return changed(oneVariant(), () => ({
    ...nothing,
    summary: without(nothing.summary!),
    repetitions: nothing.repetitions.map(without),
  }));
});

/** The generator was the bottleneck in every trial of the last variant. */
export const generatorBound = once(() => {
  const reasons = ['event loop at 99 % of one core: use more workers or a lower rate'];
  const whole = changed(demo(), (variant, place) => ({
    ...variant,
    repetitions: variant.repetitions.map((one) =>
      place === 3 ? { ...one, generator: { ...one.generator, cpu: 0.99, bound: true, reasons } } : one,
    ),
  }));
  return {
    ...whole,
    verdict: { status: 'inconclusive', reasons: ['the generator limited 3 of 12 trials'] },
  };
});

export const HOSTILE = `<script>alert("x")</script> | *a* _b_ [c](javascript:d) & \`e\` ]]> "q' \u0000 \u001b[31m`;

/** Names, details, instance ids and titles that try to break out of every format. */
export const hostile = once(() => {
  const whole = documentOf([
    { ...DEMO[0]!, name: HOSTILE },
    {
      ...DEMO[1]!,
      name: '=HYPERLINK("http://x.invalid","y")',
      failure: { outcome: 'rpc-error', detail: `</td></table></svg>${HOSTILE}\n# h1`, share: 0.3 },
    },
  ]);
  return {
    ...whole,
    profile: { ...whole.profile, title: HOSTILE },
    variants: whole.variants.map((variant) => ({
      ...variant,
      summary:
        variant.summary &&
        Summary.parse({
          ...variant.summary,
          byInstance: { [HOSTILE]: variant.summary.byInstance['1']!, '2': variant.summary.byInstance['2']! },
          byCall: { [`tools/call ${HOSTILE}`]: variant.summary.byCall['tools/list']! },
        }),
      repetitions: variant.repetitions.map((one) => ({
        ...one,
        notes: [`instance ${HOSTILE} exited with code 1`],
      })),
    })),
    machine: { ...whole.machine, cpu: HOSTILE },
    verdict: { status: 'fail', reasons: [`p(99) < 50ms: ${HOSTILE}`] },
  };
});
