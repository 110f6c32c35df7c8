/** @module Findings about what the check costs: its time, what it adds to a call, and the calls that the fleet loses to it. */
import { formatMicros } from '../../../units/time.ts';
import {
  type Authorized,
  arrivalsText,
  authorized,
  checksEveryCall,
  checkText,
  checkTime,
} from '../../authorization/authorized.ts';
import type { Model } from '../../model.ts';
import { count, percentWithUnit } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

/** Of more variants, the cheapest and the dearest are said; the table has all. */
const MOST_SENTENCES = 3;

const neutral = (text: string): Finding => ({ tone: 'neutral', text });

/** One sentence per variant whose cost is known, or one about all of them. */
export function costFindings(model: Model): readonly Finding[] {
  const known = authorized(model).filter((one) => checkTime(one) !== undefined || one.auth.added !== null);
  return known.length <= MOST_SENTENCES ? known.map(costOf) : rangeOf(known);
}

function costOf(one: Authorized): Finding {
  const parts = [...timeOf(one), ...addedOf(one)];
  return neutral(`${quoted(one.name)}: ${parts.join('; ')}${lossOf(one)}.`);
}

/** `the check (jwt, ES256) takes 140 us at the median and 410 us at p99 of each call, 12 % of it`. */
function timeOf(one: Authorized): readonly string[] {
  const { p50Us, p99Us } = checkTime(one) ?? { p50Us: null, p99Us: null };
  if (p50Us === null) return [];
  const { shareOfCall } = one.auth;
  const tail = p99Us === null ? '' : ` and ${formatMicros(p99Us)} at p99`;
  const share = shareOfCall === null ? '' : ` (${percentWithUnit(shareOfCall)} of the median call)`;
  return [
    `the check (${checkText(one)}) takes ${formatMicros(p50Us)} at the median${tail} of each call${share}, under ${arrivalsText([one])}`,
  ];
}

/** `against the same Poisson load without it (“none”), calls are 160 us slower at the median (95 % interval 120 us to 200 us)`. */
function addedOf(one: Authorized): readonly string[] {
  const { added } = one.auth;
  if (added === null) return [];
  const { p50Us, ciLowUs, ciHighUs, base } = added;
  const against = `against the same ${arrivalsText([one])} without it (${quoted(base)})`;
  const isNone = ciLowUs !== null && ciHighUs !== null && ciLowUs <= 0 && ciHighUs >= 0;
  const range =
    ciLowUs === null || ciHighUs === null
      ? 'too few repetitions for an interval'
      : `95 % interval ${signed(ciLowUs)} to ${signed(ciHighUs)}`;
  if (isNone) return [`${against}, no difference of the median is certain: ${signed(p50Us)} (${range})`];
  return [`${against}, calls are ${difference(p50Us)} at the median (${range})${tailOf(added)}`];
}

/** What it adds at p99, where the pairs of repetitions agree that it adds anything. */
function tailOf({ p99Us, intervals }: NonNullable<Authorized['auth']['added']>): string {
  const interval = intervals?.['p99Us'];
  if (interval === undefined) return '';
  const { lowUs, highUs } = interval;
  const range = `${signed(lowUs)} to ${signed(highUs)}`;
  return lowUs <= 0 && highUs >= 0
    ? `; no difference at p99 is certain (${range})`
    : ` and ${difference(p99Us)} at p99 (${range})`;
}

const difference = (us: number): string => `${formatMicros(Math.abs(us))} ${us < 0 ? 'faster' : 'slower'}`;

export const signed = (us: number): string => (us < 0 ? `-${formatMicros(-us)}` : formatMicros(us));

function lossOf({ auth }: Authorized): string {
  const { callsPerCoreSecondLost, coreSecondsPerMillion } = auth;
  const losses = [
    ...(callsPerCoreSecondLost !== null && callsPerCoreSecondLost > 0
      ? [`${count(callsPerCoreSecondLost)} calls fewer per core-second of fleet and balancer`]
      : []),
    ...(coreSecondsPerMillion !== null && coreSecondsPerMillion > 0
      ? [`${count(coreSecondsPerMillion)} core-seconds per million calls`]
      : []),
  ];
  return losses.length === 0 ? '' : `; its processor time comes to ${losses.join(' and ')}`;
}

/** The least and the most that a check takes, of those that are made in every call. */
function rangeOf(known: readonly Authorized[]): readonly Finding[] {
  const timed = known
    .filter(checksEveryCall)
    .flatMap((one) => {
      const us = checkTime(one)?.p50Us ?? null;
      return us === null ? [] : [{ one, us }];
    })
    .sort((a, b) => a.us - b.us);
  const [least, most] = [timed[0], timed.at(-1)];
  if (least === undefined || most === undefined || least === most) return known.map(costOf);
  const say = ({ one, us }: typeof least): string => `${formatMicros(us)} (${quoted(one.name)})`;
  return [
    neutral(
      `The check takes from ${say(least)} to ${say(most)} at the median of each call, under ${arrivalsText(known)}; the tables of authorization have all variants.`,
    ),
  ];
}
