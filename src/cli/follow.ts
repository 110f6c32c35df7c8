/** @module Follows an experiment to its end: shows its progress, and hands over what each trial has measured. */
import type { Experiment, ExperimentEvent } from '../experiment/experiment.ts';
import { busyText } from '../report/busy-machine.ts';
import type { Machine } from '../result/machine.ts';
import { systemClock } from '../units/clock.ts';
import { createProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** What Ctrl-C is answered with. */
export const STOPPING =
  'interrupted: stopping the trial and writing the results so far (press Ctrl-C again to exit immediately)';

/** What happens at the start and at the end of a trial, beyond the display of its progress. */
export interface TrialHooks {
  started?(event: Extract<ExperimentEvent, { readonly kind: 'trial-started' }>): void;
  ended(event: Extract<ExperimentEvent, { readonly kind: 'trial-ended' }>): void;
}

/** Resolves when the experiment has ended; rejects with what keeps a trial from beginning. */
export async function follow(experiment: Experiment, terminal: Terminal, hooks: TrialHooks): Promise<void> {
  const progress = createProgress(terminal, systemClock);
  for await (const event of experiment) {
    switch (event.kind) {
      case 'trial-started':
        if (event.trial.order === 0) sayBusy(experiment.machine, terminal);
        hooks.started?.(event);
        progress.trialStart(event.trial, event.ahead);
        break;
      case 'preparing':
        progress.preparing(event.preparation);
        break;
      case 'progress':
        progress.load(event.progress);
        break;
      case 'trial-ended':
        progress.trialEnd(event.trial, event.repetition);
        hooks.ended(event);
    }
  }
  progress.end();
}

/** Says how busy the machine is before the first load, when it is too busy to measure undisturbed. */
function sayBusy(machine: Machine, terminal: Terminal): void {
  const busy = busyText(machine);
  if (busy !== undefined) terminal.say(`note: ${busy}`);
}
