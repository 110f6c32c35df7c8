/** @module Findings about the run as a whole, which come before all others: what is missing, and whether the generator was the bottleneck. */
import { busyText } from '../busy-machine.ts';
import { type Model, trialName } from '../model.ts';
import { list, plain, plural } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';
import { idleSettings } from './idle-settings.ts';

const trialsOf = ({ variants }: Model) =>
  variants.flatMap(({ name, variant }) => variant.repetitions.map((repetition) => ({ repetition, name })));

function incomplete(model: Model): readonly Finding[] {
  const trials = trialsOf(model);
  const cut = trials.filter(({ repetition }) => !repetition.complete);
  if (model.document.complete && cut.length === 0) return [];
  const { plannedTrials: planned } = model;
  const whole = trials.length - cut.length;
  const of = planned === undefined ? plural(whole, 'trial') : `${whole} of ${plural(planned, 'trial')}`;
  const short =
    cut.length === 0
      ? ''
      : ` ${list(cut.map(({ name, repetition }) => trialName(name, repetition)))} ${cut.length === 1 ? 'was' : 'were'} cut short.`;
  return [
    {
      tone: 'warning',
      text: `Incomplete: ${of} ran to the end.${short} The figures cover what was measured.`,
    },
  ];
}

function unmeasured({ variants, measured }: Model): readonly Finding[] {
  if (measured.length === 0)
    return [{ tone: 'warning', text: 'No call fell due in the measured time: there is nothing to report.' }];
  const missing = variants.filter(({ name }) => !measured.some((one) => one.name === name));
  if (missing.length === 0) return [];
  return [
    { tone: 'warning', text: `Nothing was measured of ${list(missing.map(({ name }) => quoted(name)))}.` },
  ];
}

function generatorBound(model: Model): readonly Finding[] {
  const trials = trialsOf(model);
  const bound = trials.filter(({ repetition }) => repetition.generator.bound);
  if (bound.length === 0) return [];
  const names = list([...new Set(bound.map(({ name }) => quoted(name)))]);
  const [reason, ...others] = new Set(
    bound.flatMap(({ repetition }) => repetition.generator.reasons.map(plain)),
  );
  const why = reason === undefined ? '' : ` (${others.length > 0 ? 'for instance: ' : ''}${reason})`;
  return [
    {
      tone: 'warning',
      text: `The load generator, not the server, limited ${bound.length} of ${plural(trials.length, 'trial')}: ${names}${why}. Their times say nothing about the server.`,
    },
  ];
}

function busyMachine({ document }: Model): readonly Finding[] {
  const text = busyText(document.machine);
  return text === undefined ? [] : [{ tone: 'warning', text: `${text}.` }];
}

/** What a closed loop cannot see, however slow the target is. */
function closedLoop({ measured }: Model): readonly Finding[] {
  const closed = measured.filter(({ variant }) => variant.settings.effective?.load.shape.kind === 'closed');
  if (closed.length === 0) return [];
  const names = closed.length === measured.length ? '' : ` (${list(closed.map(({ name }) => quoted(name)))})`;
  return [
    {
      tone: 'neutral',
      text: `In a closed loop${names} a call is made only when one has ended, so a slow or stalled target is asked less often: the times are not those of independent callers, who would have queued (load.rate makes such calls).`,
    },
  ];
}

export const runFindings = (model: Model): readonly Finding[] => [
  ...incomplete(model),
  ...unmeasured(model),
  ...busyMachine(model),
  ...generatorBound(model),
  ...closedLoop(model),
  ...idleSettings(model),
];
