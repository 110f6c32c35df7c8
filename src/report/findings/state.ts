/** @module Findings about state behind handles: how many calls found theirs refused, and what the state took. */
import { statisticOf } from '../../result/measure/distribution.ts';
import type { Measured, Model } from '../model.ts';
import { count, list, percentWithUnit, plural } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

type State = NonNullable<Measured['summary']['state']>;

/** A sentence for each variant that let calls through with the handle of another agent: misuse that the profile plants. */
export function misuseFaults({ measured }: Model): readonly Finding[] {
  return stolenIn(measured).flatMap(({ name, calls, refused }): readonly Finding[] =>
    refused === calls
      ? []
      : [
          {
            tone: 'bad',
            text: `${quoted(name)}: ${count(calls - refused)} of ${misuseText(calls)} were let through.`,
          },
        ],
  );
}

/** A sentence for each variant whose calls used handles, and one for all that refused every handle of another agent. */
export function stateFindings({ measured }: Model): readonly Finding[] {
  const used = measured.flatMap(({ name, summary: { state } }): readonly Finding[] => {
    if (state === undefined) return [];
    const parts = [lossText(state), ...rotatedText(state), ...timeText(state), bytesText(state)];
    return [{ tone: state.unknown > 0 ? 'bad' : 'neutral', text: `${quoted(name)}: ${parts.join('; ')}.` }];
  });
  const right = stolenIn(measured).filter(({ calls, refused }) => calls === refused);
  if (right.length === 0) return used;
  const calls = right.reduce((sum, one) => sum + one.calls, 0);
  const text = `${list(right.map(({ name }) => quoted(name)))}: all ${misuseText(calls)} were refused.`;
  return [...used, { tone: 'good', text }];
}

const stolenIn = (measured: Model['measured']) =>
  measured.flatMap(({ name, summary: { state } }) =>
    state?.stolen === undefined ? [] : [{ name, ...state.stolen }],
  );

const misuseText = (calls: number): string => `${count(calls)} calls with the handle of another agent`;

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

function timeText({ time }: State): readonly string[] {
  const p50Us = statisticOf(time, 'p50Us');
  return p50Us === null ? [] : [`the state took ${count(p50Us)} us of a call (p50)`];
}

const bytesText = ({ bytesPerCall }: State): string => `handles took ${count(bytesPerCall)} bytes per call`;
