/** @module Findings about what caching gains against the same load without it: requests at the origin, times, the work of the fleet. */
import type { CacheGain } from '../../../result/measure/cache-figures.ts';
import { formatMicros } from '../../../units/time.ts';
import { askedText, type Cached, cached, keeping, nounOf, ttlsText, ttlText } from '../../caching/cached.ts';
import type { Model } from '../../model.ts';
import { figure, list, percentWithUnit } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

/** Of more variants, one sentence has the savings of all. */
const MOST_SENTENCES = 2;
/** Of more variants, the least and the most are said; the table has all. */
const MOST_NAMES = 8;

type Difference = CacheGain['originPerSecond'];

interface Gained extends Cached {
  readonly gain: CacheGain;
}

/** A sentence for each variant that was compared with the same load without caching, or one about all of them. */
export function gainFindings(model: Model): readonly Finding[] {
  const gained = gainedIn(model);
  if (gained.length === 0) return [];
  return gained.length <= MOST_SENTENCES
    ? gained.map((one) => gainOf(model, one))
    : [savingsOf(gained), ...callsOf(gained)];
}

const gainedIn = (model: Model): readonly Gained[] =>
  keeping(model).flatMap((one) => (one.cache.gain === null ? [] : [{ ...one, gain: one.cache.gain }]));

/** What the first variant gains, in fewer words: requests at the origin, the median of lists, the oldest result. */
export function briefGain(model: Model): string | undefined {
  const [one] = gainedIn(model);
  if (one === undefined) return undefined;
  return gainOf(model, one, [...timeOf(nounOf([one]), one.gain.listP50Us, null), ...oldestOf(one)]).text;
}

const restOf = (one: Gained): readonly string[] => [...timesOf(one), ...coresOf(one.gain), ...oldestOf(one)];

function gainOf(model: Model, one: Gained, more: readonly string[] = restOf(one)): Finding {
  const { gain, cache } = one;
  const { originPerSecond } = gain;
  const name = cached(model).length > 2 ? ` (${quoted(one.name)})` : '';
  const kept = `Caching ${askedText([one])}${cache.at === 'gateway' ? ' at the gateway' : ''}${forText(one)}${name}`;
  const rest = more.length === 0 ? '' : `; ${more.join('; ')}`;
  const figures = `${figure(originPerSecond.value)} instead of ${figure(originPerSecond.base)}/s`;
  const [least, most] = savedEnds(originPerSecond);
  const range =
    least === null || most === null
      ? 'too few repetitions for an interval'
      : `${signed(least)} to ${signed(most)} fewer at 95 %`;
  if (least !== null && most !== null && least <= 0 && most >= 0) {
    return {
      tone: 'neutral',
      text: `${kept} makes no certain difference to the ${nounOf([one])} at the origin (${figures}, ${range})${rest}.`,
    };
  }
  const isLess = originPerSecond.value <= originPerSecond.base;
  const isMixed = isLess && TIMES.some((key) => isWorse(gain[key]));
  const what = isLess ? `saves ${savedText(originPerSecond)} of the` : 'costs more';
  return {
    tone: isMixed ? 'warning' : isLess ? 'good' : 'bad',
    text: `${kept} ${what} ${nounOf([one])} at the origin (${figures}, ${range})${rest}.`,
  };
}

const forText = (one: Gained): string => {
  const text = ttlsText(one);
  return text === '' ? '' : ` for ${text}`;
};

/** How many fewer, at least and at most. */
const savedEnds = ({ low, high }: Difference): readonly [number | null, number | null] => [
  high === null ? null : -high,
  low === null ? null : -low,
];

const signed = (value: number): string => (value < 0 ? `-${figure(-value)}` : figure(value));

const savedShare = ({ base, value }: Difference): number => (base === 0 ? 0 : 1 - value / base);

const savedText = (difference: Difference): string => percentWithUnit(savedShare(difference));

const TIMES = ['listP50Us', 'listP99Us', 'callP50Us', 'callP99Us'] as const;

const isWorse = (difference: Difference | null): boolean =>
  difference !== null && difference.low !== null && difference.low > 0;

/** Whether the interval is on one side of 0. */
const isCertain = ({ low, high }: Difference): boolean =>
  low !== null && high !== null && (low > 0 || high < 0);

/** `lists take 12 us instead of 2.1 ms at the median`; a difference that is not certain is said to be none. */
function timesOf(one: Gained): readonly string[] {
  const { listP50Us, listP99Us, callP50Us, callP99Us } = one.gain;
  return [...timeOf(nounOf([one]), listP50Us, listP99Us), ...timeOf('other calls', callP50Us, callP99Us)];
}

function timeOf(what: string, median: Difference | null, p99: Difference | null): readonly string[] {
  const known = [...(median === null ? [] : [median]), ...(p99 === null ? [] : [p99])];
  if (known.length === 0 || known.some(({ low }) => low === null)) return [];
  const certain = known
    .filter(isCertain)
    .map(
      (each) =>
        `${formatMicros(each.value)} instead of ${formatMicros(each.base)} at ${each === p99 ? 'p99' : 'the median'}`,
    );
  const worse = known.some(isWorse) ? 'but ' : '';
  return [
    certain.length === 0 ? `no difference in ${what} is certain` : `${worse}${what} take ${list(certain)}`,
  ];
}

function coresOf({ fleetCores }: CacheGain): readonly string[] {
  if (fleetCores === null || !isCertain(fleetCores)) return [];
  return [`fleet and balancer take ${figure(fleetCores.value)} instead of ${figure(fleetCores.base)} cores`];
}

function oldestOf({ cache: { ageServedMaxMs, originCalls } }: Gained): readonly string[] {
  if (originCalls === 0) return ['no entry ended within the run, so a longer one saves less'];
  return ageServedMaxMs === null ? [] : [`the oldest result given was ${ttlText(ageServedMaxMs)} old`];
}

/** The savings of many variants. */
function savingsOf(gained: readonly Gained[]): Finding {
  const saved = gained.map((one) => ({
    text: `${savedText(one.gain.originPerSecond)} (${quoted(one.name)})`,
    share: savedShare(one.gain.originPerSecond),
  }));
  const sorted = [...saved].sort((a, b) => a.share - b.share);
  const said =
    saved.length <= MOST_NAMES
      ? list(saved.map(({ text }) => text))
      : `from ${sorted[0]!.text} to ${sorted.at(-1)!.text}`;
  const bases = [...new Set(gained.map(({ gain }) => figure(gain.originPerSecond.base)))];
  const of =
    bases.length === 1
      ? `of the ${bases[0]} ${nounOf(gained)} per second that reach the origin without it`
      : `of the ${nounOf(gained)} that reach the origin without it`;
  return { tone: 'good', text: `Caching ${askedText(gained)} saves ${said} ${of}.` };
}

/** What many variants do to the other calls, where that is certain. */
function callsOf(gained: readonly Gained[]): readonly Finding[] {
  const changed = gained.flatMap(({ name, gain: { callP99Us } }) =>
    callP99Us !== null && isCertain(callP99Us)
      ? [`${formatMicros(callP99Us.value)} instead of ${formatMicros(callP99Us.base)} (${quoted(name)})`]
      : [],
  );
  const known = gained.filter(({ gain }) => gain.callP99Us?.low != null);
  if (known.length === 0) return [];
  if (changed.length === 0) {
    return [{ tone: 'neutral', text: 'Caching makes no certain difference to the p99 of other calls.' }];
  }
  const rest = known.length > changed.length ? '; with the others no difference is certain' : '';
  return [{ tone: 'neutral', text: `With caching, the p99 of other calls is ${list(changed)}${rest}.` }];
}
