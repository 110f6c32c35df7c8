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
    const text = [lossText(state), ...timeText(state), bytesText(state)].join('; ');
    return [{ tone: state.unknown > 0 ? 'bad' : 'neutral', text: `${quoted(name)}: ${text}.` }];
  });
}

function lossText({ calls, unknown, unknownShare }: State): string {
  const of = plural(calls, 'call with a handle', 'calls with a handle');
  return unknown === 0
    ? `none of ${of} had it refused`
    : `${count(unknown)} of ${of} (${percentWithUnit(unknownShare)}) had it refused`;
}

function timeText({ time }: State): readonly string[] {
  const p50Us = statisticOf(time, 'p50Us');
  return p50Us === null ? [] : [`the state took ${count(p50Us)} us of a call (p50)`];
}

const bytesText = ({ bytesPerCall }: State): string => `handles took ${count(bytesPerCall)} bytes per call`;
