import { describe, expect, it } from 'vitest';
import { Recorder } from '../recording/recorder.ts';
import type { Recording } from '../recording/recording.ts';
import { modelOf } from '../report/model.ts';
import { demo } from '../report/sample-document.case.ts';
import { noteLines } from '../report/table/notes.ts';
import { variantResult } from '../result/summary/variant-result.ts';
import { parseProfile } from './parse-profile.ts';
import { settingsInForce } from './settings-in-force.ts';
import { summariseTrial } from './summarise-trial.ts';

const SECONDS = 9;
const { variants } = parseProfile(
  `
version: 1
load: { rate: 50/s, warmup: 1s, duration: ${SECONDS}s }
calls: [{ tool: echo }]
fleet: {}
`,
);
const [variant] = variants;

/** Fifty calls a second; `responseMs` is their response time in a second. */
function recordingOf(responseMs: (second: number) => number): Recording {
  const recorder = new Recorder({ calls: ['tools/call echo'], startUs: 0, durationUs: SECONDS * 1e6 });
  for (let seq = 0; seq < SECONDS * 50; seq += 1) {
    const dueUs = seq * 20_000;
    recorder.due(0, dueUs);
    recorder.add({
      call: 0,
      outcome: 'ok',
      detail: undefined,
      servedBy: undefined,
      dueUs,
      sentUs: dueUs,
      doneUs: dueUs + responseMs(Math.floor(seq / 50)) * 1000,
    });
  }
  return recorder.close({ endUs: SECONDS * 1e6 });
}

const trialOf = (index: number, recording: Recording) =>
  summariseTrial(
    { variant: variant!, variantIndex: 0, index, order: index },
    {
      loaded: {
        recording,
        health: {
          cpu: 0.1,
          eventLoopDelayP99Us: 0,
          coreWait: 0,
          longestStopUs: 0,
          gc: 0,
          latenessP99Us: 0,
          readLag: { p50Us: 0, p90Us: 0, p95Us: 0, p99Us: 0 },
        },
        connections: 1,
        startedAt: new Date(0),
      },
      workers: 1,
      injected: { events: [], notes: [], instances: [] },
      notes: [],
      complete: true,
    },
    'stateless',
  );

const STEADY = (): number => 9;
const WARMING = (second: number): number => 9 + 13 * 0.6 ** second;

describe('a server that is still warming up', () => {
  const trials = [STEADY, WARMING, STEADY].map((times, index) => trialOf(index, recordingOf(times)));

  it('is noted in the repetition in which it was, and in no other', () => {
    const kinds = trials.map(({ repetition }) => repetition.observations!.map(({ kind }) => kind));
    expect(kinds).toEqual([[], ['warming-up'], []]);
  });

  it('is told with the repetition', () => {
    const result = variantResult({ name: 'lean', settings: settingsInForce(variant!, 'stateless') }, trials);
    const lines = noteLines(modelOf({ ...demo(), variants: [result] }), 'untold');
    expect(lines).toEqual([expect.stringMatching(/^“lean” repetition 2: still warming up: p50 was 2/)]);
  });
});
