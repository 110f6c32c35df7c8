/** @module Lists that are not the same each time for one identity: by instance, by connection, from request to request, or since a moment. */
import { contentOf, describeDifference, difference, type GoesWith, originOf } from '../differences.ts';
import type { InspectionFinding } from '../inspection.ts';
import { bySubject, grouped, type Seen } from '../seen.ts';
import type { Check } from './check.ts';

export const differsByInstance: Check = (seen) => differing(seen, 'instance', 'differs-by-instance', 'bad');
export const differsByConnection: Check = (seen) =>
  differing(seen, 'connection', 'differs-by-connection', 'bad');
export const differsByRequest: Check = (seen) => differing(seen, 'request', 'differs-by-request', 'bad');
export const changedMeanwhile: Check = (seen) => differing(seen, 'time', 'changed-meanwhile', 'info');

function differing(
  { readings }: Seen,
  goesWith: GoesWith,
  kind: InspectionFinding['kind'],
  severity: InspectionFinding['severity'],
): readonly InspectionFinding[] {
  return [...bySubject(readings)].flatMap(([where, all]) => {
    // What a resource holds may change at any time.
    if (all[0]!.subject.method === 'resources/read') return [];
    const groups = [...grouped(all, ({ identity }) => identity).values()];
    const found = groups
      .map((group) => difference(group, contentOf))
      .find((each) => each?.goesWith === goesWith);
    if (found === undefined) return [];
    const { one, other } = found;
    const evidence = `first ${originOf(one)}, second ${originOf(other)}: ${describeDifference(one, other)}`;
    return [{ kind, severity, where, evidence }];
  });
}
