/** @module The names in a threshold, checked against those of a profile. */
import { nearest } from '../../units/words.ts';
import type { BoundedMetric } from './bounded-metric.ts';
import { readThreshold } from './threshold.ts';
import { TOOL_CALL } from './threshold-filter.ts';
import type { Piece } from './threshold-text.ts';
import type { RuleProblem } from './values.ts';

/** The names that thresholds of a profile may use. */
export interface KnownNames {
  readonly variants: readonly string[];
  readonly calls: readonly string[];
  readonly identities: readonly string[];
  readonly flows: readonly string[];
  readonly metrics: readonly BoundedMetric[];
}

/** The problems of a threshold in a profile with these names. Instances are not known before the run. */
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
  ];
}
