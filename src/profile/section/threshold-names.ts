/** @module The names and the windows of a threshold, checked against those of a profile. */
import { formatMicros, type Micros } from '../../units/time.ts';
import { nearest } from '../../units/words.ts';
import type { BoundedMetric } from './bounded-metric.ts';
import { readThreshold, type Threshold } from './threshold.ts';
import { TOOL_CALL } from './threshold-filter.ts';
import type { Piece } from './threshold-text.ts';
import type { RuleProblem } from './values.ts';

/** What thresholds of a profile may use. */
export interface KnownNames {
  readonly variants: readonly string[];
  readonly calls: readonly string[];
  readonly identities: readonly string[];
  readonly flows: readonly string[];
  /** The measured time of each variant; undefined where it is not valid. */
  readonly measuredTimes: readonly { readonly variant: string; readonly us: Micros | undefined }[];
  /** How many instances each variant has at most, named from 1 on; undefined where the names are known in a run only. */
  readonly instances: readonly { readonly variant: string; readonly most: number | undefined }[];
  readonly metrics: readonly BoundedMetric[];
}

/** The problems of a threshold in a profile with these names. */
export function thresholdFaults(text: string, known: KnownNames): readonly RuleProblem[] {
  const read = readThreshold(text, known.metrics);
  if ('what' in read) return [read];
  const { threshold, places } = read;
  const tools = known.calls.flatMap((call) =>
    call.startsWith(TOOL_CALL) ? call.slice(TOOL_CALL.length) : [],
  );
  const missing = (
    kind: string,
    piece: Piece | undefined,
    names: readonly string[],
    name = piece?.text,
  ): readonly RuleProblem[] => {
    if (piece === undefined || name === undefined || names.includes(name)) return [];
    const quoted = [...new Set(names)].map((each) => `"${each}"`);
    const expected = quoted.length === 0 ? `no ${kind}: the profile has none` : `one of ${quoted.join(', ')}`;
    const near = nearest(name, names);
    const todo = near === undefined ? {} : { todo: `did you mean "${near}"?` };
    return [{ what: `unknown ${kind} "${name}" in "${text}"`, expected, ...todo, offset: piece.offset }];
  };
  // Without calls or variants other problems of the profile are reported instead.
  const hasCalls = known.calls.length > 0;
  return [
    ...missing('call', hasCalls ? places.call : undefined, known.calls),
    ...missing('tool', hasCalls ? places.tool : undefined, tools),
    ...missing('identity', places.identity, known.identities),
    ...missing('flow', places.flow, known.flows),
    ...missing(
      'variant',
      known.variants.length > 0 ? places.variant : undefined,
      known.variants,
      threshold.variant,
    ),
    ...missingInstance(threshold, places.instance, known.instances),
    ...longWindows(threshold, places.every, known.measuredTimes),
  ];
}

/** An instance that no variant can have would leave the threshold undecided after the run. */
function missingInstance(
  { text, variant }: Threshold,
  place: Piece | undefined,
  instances: KnownNames['instances'],
): readonly RuleProblem[] {
  if (place === undefined) return [];
  const own = instances.filter((one) => variant === undefined || one.variant === variant);
  const most = Math.max(...own.map(({ most }) => most ?? Number.POSITIVE_INFINITY));
  const isNumber = /^[1-9]\d*$/.test(place.text);
  if (own.length === 0 || most === Number.POSITIVE_INFINITY || (isNumber && Number(place.text) <= most))
    return [];
  return [
    {
      what: `unknown instance "${place.text}" in "${text}"`,
      expected: most === 1 ? '1, the only instance of the fleet' : `a number from 1 to ${most}`,
      offset: place.offset,
    },
  ];
}

/** A window that no variant has whole would leave the threshold undecided after the run. */
function longWindows(
  { text, variant, everyUs }: Threshold,
  place: Piece | undefined,
  measured: KnownNames['measuredTimes'],
): readonly RuleProblem[] {
  if (everyUs === undefined || place === undefined) return [];
  const own = measured.filter((one) => variant === undefined || one.variant === variant);
  const longest = Math.max(...own.map(({ us }) => us ?? Number.POSITIVE_INFINITY));
  if (own.length === 0 || everyUs <= longest) return [];
  return [
    {
      what: `a window of ${place.text} is longer than the measured time in "${text}"`,
      expected: `at most ${formatMicros(longest)}`,
      offset: place.offset,
    },
  ];
}
