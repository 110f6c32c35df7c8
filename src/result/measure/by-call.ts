/** @module The part of a summary that is kept for each kind of call. */
import { z } from 'zod';
import type { RecordedCall } from '../../recording/measure/calls.ts';
import { Distribution, distribution } from './distribution.ts';

const count = z.int().min(0);

/** One kind of call. `calls` are those that ended, whatever their outcome. */
export const CallFigures = z.object({
  calls: count,
  ok: count,
  responseTime: Distribution,
  serviceTime: Distribution,
});
export type CallFigures = z.infer<typeof CallFigures>;

/** The figures of one kind of call. */
export function callFigures(call: RecordedCall): CallFigures {
  return {
    calls: call.done,
    ok: call.ok,
    responseTime: distribution(call.responseTime),
    serviceTime: distribution(call.serviceTime),
  };
}

/** Where `Summary.histograms` keeps the response times of one kind of call. */
export function callSeries(name: string): string {
  return `responseTime{${name}}`;
}
