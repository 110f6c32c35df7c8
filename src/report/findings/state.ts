/** @module Findings about state behind handles: how many calls found theirs refused, and what the state took. */
import { statisticOf } from '../../result/measure/distribution.ts';
import type { Measured, Model } from '../model.ts';
import { count, percentWithUnit, plural } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

type State = NonNullable<Measured['summary']['state']>;

/** A sentence for each variant whose calls used handles. */
export function stateFindings({ measured }: Model): readonly Finding[] {
  return measured.flatMap(({ name, summary: { state } }): readonly Finding[] => {
    if (state === undefined) return [];
    const parts = [lossText(state), ...rotatedText(state), ...timeText(state), bytesText(state)];
    const own: Finding = {
      tone: state.unknown > 0 ? 'bad' : 'neutral',
      text: `${quoted(name)}: ${parts.join('; ')}.`,
    };
    return [own, ...stolenFinding(name, state)];
  });
}

function lossText({ calls, unknown, unknownShare }: State): string {
  const of = plural(calls, 'call with a handle', 'calls with a handle');
  return unknown === 0
    ? `none of ${of} had it refused`
    : `${count(unknown)} of ${of} (${percentWithUnit(unknownShare)}) had it refused`;
}

/** Only where keys have changed under handles that were in use. */
function rotatedText({ rotated }: State): readonly string[] {
  if (rotated === undefined) return [];
  return [
    `${count(rotated.unknown)} of ${count(rotated.calls)} whose handle an earlier key had signed had it refused`,
  ];
}

/** Of misuse that the profile plants. */
function stolenFinding(name: string, { stolen }: State): readonly Finding[] {
  if (stolen === undefined) return [];
  const { calls, refused } = stolen;
  const were = refused === 1 ? 'was' : 'were';
  const of = plural(calls, 'call with the handle of another agent', 'calls with the handle of another agent');
  const text = `${quoted(name)}: ${count(refused)} of ${of} ${were} refused.`;
  return [{ tone: refused === calls ? 'good' : 'bad', text }];
}

function timeText({ time }: State): readonly string[] {
  const p50Us = statisticOf(time, 'p50Us');
  return p50Us === null ? [] : [`the state took ${count(p50Us)} us of a call (p50)`];
}

const bytesText = ({ bytesPerCall }: State): string => `handles took ${count(bytesPerCall)} bytes per call`;
