/** @module The part of a summary that is kept for each kind of call. */
import { z } from 'zod';
import type { RecordedCall } from '../../recording/measure/calls.ts';
import { Distribution, distribution } from './distribution.ts';

const count = z.int().min(0);

/** One kind of call. `calls` are those that ended, whatever their outcome. */
const Counted = z.object({
  calls: count,
  ok: count,
  /** Of the calls, those that Paceline ended itself, when a run was stopped. Absent from older results. */
  aborted: count.optional(),
  /** Of the calls, planted misuse that was refused. Absent where there was none. */
  misuseRefused: count.exactOptional(),
  /** Share of the calls that did not end `ok`, without those that Paceline ended and planted misuse that was refused; null when none ended. */
  errorRate: z.number().min(0).max(1).nullable().optional(),
  /** Of the calls that ended `ok`. Absent from older results. */
  okResponseTime: Distribution.optional(),
  responseTime: Distribution,
  serviceTime: Distribution,
});

/** With the rate, which older results do not have. */
const completed = (call: z.infer<typeof Counted>) => {
  const ended = call.calls - (call.aborted ?? 0);
  return { ...call, errorRate: ended === 0 ? null : (ended - call.ok - (call.misuseRefused ?? 0)) / ended };
};

export const CallFigures = Counted.transform(completed);
export type CallFigures = z.infer<typeof CallFigures>;

/** The figures of one kind of call. */
export function callFigures(call: RecordedCall): CallFigures {
  return completed({
    calls: call.done,
    ok: call.ok,
    ...(call.aborted !== undefined && call.aborted > 0 && { aborted: call.aborted }),
    ...(call.misuseRefused !== undefined && { misuseRefused: call.misuseRefused }),
    okResponseTime: distribution(call.okResponseTime),
    responseTime: distribution(call.responseTime),
    serviceTime: distribution(call.serviceTime),
  });
}
