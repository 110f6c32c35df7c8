/** @module Calls per kind of the mix: how many were due, dropped, done and ok, and their times. */
import type { Micros } from '../../units/time.ts';
import { addCounts, groupByName, misuseRefusedOf } from '../counts.ts';
import { mergeSeries, type Series, Tally } from '../histogram.ts';

/** One kind of call of the mix. `due = dropped + done`. */
export interface RecordedCall {
  readonly name: string;
  readonly due: number;
  readonly dropped: number;
  readonly done: number;
  readonly ok: number;
  /** Of the done ones, those that Paceline ended itself. Absent from older recordings. */
  readonly aborted?: number;
  /** Of the done ones, planted misuse that was refused. Absent where there was none. */
  readonly misuseRefused?: number;
  /** Of the calls that ended `ok`. */
  readonly okResponseTime: Series;
  /** Of these and of the others that have a time. */
  readonly responseTime: Series;
  readonly serviceTime: Series;
}

/** The calls of one kind while they are counted; the recorder writes to it directly, once a call. */
export class CallTally {
  due = 0;
  dropped = 0;
  done = 0;
  ok = 0;
  aborted = 0;
  misuseRefused = 0;
  readonly #name: string;
  readonly #okResponse = new Tally();
  readonly #otherResponse = new Tally();
  readonly #service = new Tally();

  constructor(name: string) {
    this.#name = name;
  }

  /** Takes times that went through `clampTime`, and whether the call ended `ok`; `serviceUs` is undefined when the call was never in service. */
  timed(ok: boolean, responseUs: Micros, serviceUs: Micros | undefined): void {
    (ok ? this.#okResponse : this.#otherResponse).record(responseUs);
    if (serviceUs !== undefined) this.#service.record(serviceUs);
  }

  /** Calls that fell due and were neither dropped nor ended. Negative when more ended than fell due: then the caller is wrong. */
  get open(): number {
    return this.due - this.dropped - this.done;
  }

  /** Calls still open count as done and aborted, so that none is missing. */
  close(): RecordedCall {
    const okResponseTime = this.#okResponse.series();
    const others = this.#otherResponse.series();
    return {
      name: this.#name,
      due: this.due,
      dropped: this.dropped,
      done: this.done + this.open,
      ok: this.ok,
      aborted: this.aborted + this.open,
      ...(this.misuseRefused > 0 && { misuseRefused: this.misuseRefused }),
      okResponseTime,
      responseTime: others.count === 0 ? okResponseTime : mergeSeries([okResponseTime, others]),
      serviceTime: this.#service.series(),
    };
  }
}

/** Equal kinds as one, in the order of their first appearance. */
export function mergeCalls(calls: readonly RecordedCall[]): readonly RecordedCall[] {
  return groupByName(calls).map((group) => ({
    name: group[0]!.name,
    ...addCounts(['due', 'dropped', 'done', 'ok'], group),
    aborted: group.reduce((sum, { aborted = 0 }) => sum + aborted, 0),
    ...misuseRefusedOf(group),
    okResponseTime: mergeSeries(group.map((call) => call.okResponseTime)),
    responseTime: mergeSeries(group.map((call) => call.responseTime)),
    serviceTime: mergeSeries(group.map((call) => call.serviceTime)),
  }));
}
