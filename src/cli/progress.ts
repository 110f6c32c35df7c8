/** @module The progress display: a bar with the remaining time on a terminal, plain lines otherwise. */

import type { Trial } from '../experiment/plan/plan.ts';
import { type Progress, percentileSoFar } from '../generator/engine/progress.ts';
import { plural } from '../report/wording.ts';
import type { Repetition } from '../result/document.ts';
import { type Distribution, statisticOf } from '../result/measure/distribution.ts';
import type { Preparation } from '../testbed/preparation.ts';
import type { Clock } from '../units/clock.ts';
import { formatMicros, formatMinutes, type Micros } from '../units/time.ts';
import { NotesTold } from './notes-told.ts';
import { preparingOn } from './preparing.ts';
import type { Terminal } from './terminal.ts';
import { loadUs, START_AND_STOP_US } from './time-left.ts';

const BAR = 12;

/** Displays the progress of trials. */
export interface ProgressDisplay {
  trialStart(trial: Trial, ahead: readonly Trial[]): void;
  preparing(preparation: Preparation): void;
  load(progress: Progress): void;
  trialEnd(trial: Trial, repetition: Repetition): void;
  /** Says how often the notes came again that it has shown once. */
  end(): void;
}

/** A display on `terminal`. */
export function createProgress(terminal: Terminal, clock: Clock): ProgressDisplay {
  const beganUs = clock.now();
  let startedUs: Micros = beganUs;
  let overheadUs: Micros = START_AND_STOP_US;
  const notes = new NotesTold();
  let current: Trial | undefined;
  /** The first progress of the trial, from which its rate counts. */
  let first: Start | undefined;
  /** The current trial and those after it. */
  let open: readonly Trial[] = [];

  const show = (text: string): void => {
    if (current === undefined) return;
    const nowUs = clock.now();
    const restUs = open.reduce((sum, trial) => sum + loadUs(trial) + overheadUs, 0);
    const leftUs = Math.max(0, restUs - (nowUs - startedUs));
    const count = current.order + open.length;
    const place = `${current.order + 1}/${count}`;
    // The name comes last: on a narrow terminal it is what is cut off.
    terminal.status(`${bar(nowUs - beganUs, leftUs)}  ${place}  ${text}  ${label(current)}`);
  };
  const prepare = preparingOn(terminal, show);
  return {
    trialStart(trial, ahead) {
      current = trial;
      open = [trial, ...ahead];
      startedUs = clock.now();
      first = undefined;
      show('starting');
    },
    preparing(preparation) {
      if (current !== undefined) prepare(preparation, label(current));
    },
    load(progress) {
      const nowUs = clock.now();
      first ??= { atUs: nowUs, done: progress.done };
      show(figuresSoFar(progress, first, nowUs).join(', '));
    },
    trialEnd(trial, repetition) {
      overheadUs = Math.max(0, clock.now() - startedUs - loadUs(trial));
      terminal.say(trialLine(trial, trial.order + open.length, repetition, notes.fresh(repetition)));
    },
    end() {
      for (const line of notes.again()) terminal.say(line);
    },
  };
}

/** When a rate begins, and how many calls had ended then. */
interface Start {
  readonly atUs: Micros;
  readonly done: number;
}

/** Rate, response times and failures of the trial so far; `–` for what is not known yet. */
function figuresSoFar(progress: Progress, first: Start, nowUs: Micros): readonly string[] {
  const { done, failed } = progress;
  const seconds = (nowUs - first.atUs) / 1e6;
  const rate = seconds <= 0 ? '–' : `${((done - first.done) / seconds).toFixed(0)}/s`;
  const time = (percentile: number): string => {
    const us = percentileSoFar(progress, percentile);
    return us === undefined ? '–' : formatMicros(us);
  };
  const share = done === 0 ? '' : ` (${((100 * failed) / done).toFixed(1)} %)`;
  return [rate, `p50 ${time(50)}`, `p99 ${time(99)}`, `${failed} failed${share}`];
}

const label = ({ variant }: Trial): string => variant.name;

function bar(goneUs: Micros, leftUs: Micros): string {
  const filled = Math.round((BAR * goneUs) / Math.max(1, goneUs + leftUs));
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${formatMinutes(leftUs)} left`;
}

/** A percentile as text; `–` without calls, and when they are too few for it. */
const timeOf = (of: Distribution, key: 'p50Us' | 'p99Us'): string => {
  const us = statisticOf(of, key);
  return us === null ? '–' : formatMicros(us);
};

/** The results of a finished trial in one line. */
function trialLine(
  trial: Trial,
  count: number,
  { calls, responseTime, rate, generator, complete }: Repetition,
  notes: readonly string[],
): string {
  const figures = [
    plural(calls.due, 'call'),
    ...(calls.due === 0 ? [] : [`${(100 * (1 - calls.errorRate)).toFixed(1)} % ok`]),
    `p50 ${timeOf(responseTime, 'p50Us')}`,
    `p99 ${timeOf(responseTime, 'p99Us')}`,
    `${rate.achievedPerSecond.toFixed(0)}/s`,
  ];
  const flags = [
    ...(complete ? [] : ['interrupted']),
    ...(generator.bound ? ['generator-bound'] : []),
    ...notes,
  ];
  const width = String(count).length;
  const name = `${label(trial)} #${trial.index + 1}`;
  return `trial ${String(trial.order + 1).padStart(width)}/${count}  ${name}: ${[...figures, ...flags].join(', ')}`;
}
