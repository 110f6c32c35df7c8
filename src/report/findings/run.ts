/** @module Findings about the run as a whole, which come before all others: what is missing, and whether the generator was the limit. */
import type { ResultDocument } from '../../result/document.ts';
import { measuredOf, namesOf, plannedTrials, trialName } from '../measured.ts';
import { list, plain, plural } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

const trialsOf = (document: ResultDocument) => {
  const names = namesOf(document);
  return document.variants.flatMap((variant, place) =>
    variant.repetitions.map((repetition) => ({ repetition, name: names[place]! })),
  );
};

function incomplete(document: ResultDocument): readonly Finding[] {
  const trials = trialsOf(document);
  const cut = trials.filter(({ repetition }) => !repetition.complete);
  if (document.complete && cut.length === 0) return [];
  const planned = plannedTrials(document);
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

function unmeasured(document: ResultDocument): readonly Finding[] {
  const measured = measuredOf(document);
  if (measured.length === 0)
    return [{ tone: 'warning', text: 'No call fell due in the measured time: there is nothing to report.' }];
  const missing = namesOf(document).filter((name) => !measured.some((one) => one.name === name));
  if (missing.length === 0) return [];
  return [{ tone: 'warning', text: `Nothing was measured of ${list(missing.map(quoted))}.` }];
}

function generatorBound(document: ResultDocument): readonly Finding[] {
  const trials = trialsOf(document);
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

export const runFindings = (document: ResultDocument): readonly Finding[] => [
  ...incomplete(document),
  ...unmeasured(document),
  ...generatorBound(document),
];
