/** @module How a load reads: `400/s, Poisson arrivals, for 10 s after 2 s of warm-up`. */
import type { EffectiveLoad, VariantSettings } from '../result/settings.ts';
import { formatMicros, type Micros } from '../units/time.ts';
import { count, plural } from './wording.ts';

/** A load in words. */
export function loadText({ shape, arrivals, warmupUs, durationUs }: EffectiveLoad): string {
  const span = `for ${formatMicros(durationUs)} after ${warmupText(warmupUs)}`;
  switch (shape.kind) {
    case 'rate':
      return `${shape.perSecond}/s, ${named(arrivals)} arrivals, ${span}`;
    case 'stages': {
      return `${shape.stages.map(stageText).join(', then ')}, ${named(arrivals)} arrivals, ${span}`;
    }
    case 'closed':
      return `closed loop of ${shape.concurrency}, ${span}`;
    case 'replay':
      return `replay of ${shape.trace} at ${shape.speed}x, ${plural(shape.calls, 'call')}, ${span}`;
  }
}

type Stage = Extract<EffectiveLoad['shape'], { readonly kind: 'stages' }>['stages'][number];

/** `10/s for 1 s`, `10 to 50/s for 2 s`. */
const stageText = ({ fromPerSecond: from, toPerSecond: to, durationUs }: Stage): string =>
  `${from === to ? '' : `${from} to `}${to}/s for ${formatMicros(durationUs)}`;

type Replay = Extract<EffectiveLoad['shape'], { readonly kind: 'replay' }>;

/** What of a trace is not replayed: `later pages of lists (3), subscriptions (1)`. */
export const leftOutText = ({ leftOut }: Replay): string =>
  leftOut.map(({ reason, calls }) => `${reason} (${count(calls)})`).join(', ');

/** The process is named after a person. */
const named = (arrivals: string): string => (arrivals === 'poisson' ? 'Poisson' : arrivals);

/** `2 s of warm-up`, `no warm-up`. */
export const warmupText = (us: Micros): string =>
  us === 0 ? 'no warm-up' : `${formatMicros(us)} of warm-up`;

/** The load of a variant in words; of an older result, the words that are in it. */
export function loadOf({ effective, load }: VariantSettings): string {
  return effective === undefined ? load : loadText(effective.load);
}

/** What calls travel over, as far as the settings say: `HTTP/2`, `up to 25 calls at a time per connection`. Empty with all defaults. */
export function transportTexts({ http, streams, perConnection, tls }: EffectiveLoad): readonly string[] {
  return [
    ...(http === undefined ? [] : [`HTTP/${http}`]),
    ...(streams === undefined ? [] : [`up to ${plural(streams, 'call')} at a time per connection`]),
    ...(perConnection === undefined ? [] : [`a new connection ${everyCalls(perConnection)}`]),
    ...(tls === undefined || tls.resume ? [] : ['no resumption of TLS sessions']),
  ];
}

/** `per call`, `every 10 calls`. */
export const everyCalls = (calls: number): string =>
  calls === 1 ? 'per call' : `every ${plural(calls, 'call')}`;
