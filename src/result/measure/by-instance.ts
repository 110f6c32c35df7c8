/** @module The part of a summary that is kept for each instance. */
import { z } from 'zod';
import type { RecordedInstance } from '../../recording/measure/instances.ts';
import { Distribution, distribution } from './distribution.ts';

const Counted = z.object({
  calls: z.int().min(0),
  /** Those of them that ended `ok`. Absent from older results, like their times. */
  ok: z.int().min(0).optional(),
  /** Those of them that were planted misuse, and were refused. Absent where there were none. */
  misuseRefused: z.int().min(0).exactOptional(),
  okResponseTime: Distribution.optional(),
  responseTime: Distribution,
  /** Of the calls that any instance answered; null when none did. */
  share: z.number().min(0).max(1).nullable().optional(),
});

/** With the shares, which older results do not have. */
function completed(instances: Readonly<Record<string, z.infer<typeof Counted>>>) {
  const total = Object.values(instances).reduce((sum, { calls }) => sum + calls, 0);
  return Object.fromEntries(
    Object.entries(instances).map(([name, one]) => [
      name,
      { ...one, share: total === 0 ? null : one.calls / total },
    ]),
  );
}

/** Of one instance. */
export type InstanceFigure = z.infer<typeof Counted>;

/** By the name of the instance. */
export const InstanceFigures = z.record(z.string(), Counted).transform(completed);

/** The figures of each instance. */
export function instanceFigures(instances: readonly RecordedInstance[]): z.infer<typeof InstanceFigures> {
  return completed(
    Object.fromEntries(
      instances.map(({ name, calls, ok, misuseRefused, okResponseTime, responseTime }) => [
        name,
        {
          calls,
          ...(ok !== undefined && { ok }),
          ...(misuseRefused !== undefined && { misuseRefused }),
          ...(okResponseTime && { okResponseTime: distribution(okResponseTime) }),
          responseTime: distribution(responseTime),
        },
      ]),
    ),
  );
}
