import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../protocol/outcome.ts';
import { scratch } from '../units/scratch.case.ts';
import { readRecording, type StoredRecording, writeRecording } from './file.ts';
import { Tallies } from './measure/tallies.ts';
import { Recorder } from './recorder.ts';
import { mergeRecordings, type Recording } from './recording.ts';

const END = 3_000_000;

/** What a recorder makes of some calls of every outcome, with instances, sessions and the finer series. */
function recorded(
  calls: readonly { outcome: number; dueUs: number; tookUs: number; by: number }[],
): Recording {
  const recorder = new Recorder({
    calls: ['tools/list', 'tools/call echo'],
    startUs: 0,
    warmupUs: 0,
    durationUs: END,
    fine: true,
    tallies: new Tallies({ era: 'sessions' }),
  });
  for (const { outcome, dueUs, tookUs, by } of calls) {
    recorder.due(by % 2, dueUs);
    recorder.add({
      call: by % 2,
      outcome: OUTCOMES[outcome]!,
      detail: outcome === 0 ? undefined : `went wrong ${by}`,
      servedBy: by === 0 ? undefined : String(by),
      dueUs,
      sentUs: dueUs + 3,
      doneUs: dueUs + tookUs,
      lostSession: false,
    });
  }
  return recorder.close({ endUs: END });
}

const call = fc.record({
  outcome: fc.nat(OUTCOMES.length - 1),
  dueUs: fc.nat(END - 1),
  tookUs: fc.nat(400_000),
  by: fc.nat(3),
});

async function thereAndBack(
  recording: Recording,
): Promise<{ read: StoredRecording; first: string; second: string }> {
  const folder = scratch();
  const [first, second] = [join(folder, 'first.json'), join(folder, 'second.json')];
  await writeRecording(first, { seed: 7, variant: 'a, b', repetition: 2, recording });
  const read = await readRecording(first);
  await writeRecording(second, read);
  return { read, first: readFileSync(first, 'utf8'), second: readFileSync(second, 'utf8') };
}

describe('a recording in a file', () => {
  it('is read back equal, and written again byte for byte, whatever was recorded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40 }), async (calls) => {
        const recording = recorded(calls);
        const { read, first, second } = await thereAndBack(recording);
        expect(read).toEqual({ seed: 7, variant: 'a, b', repetition: 2, recording });
        expect(second).toBe(first);
      }),
      { numRuns: 30 },
    );
  });

  it('merges after reading to what would have been merged before', async () => {
    const shards = [
      recorded([{ outcome: 0, dueUs: 5, tookUs: 900, by: 1 }]),
      recorded([{ outcome: 2, dueUs: 1_500_000, tookUs: 70, by: 2 }]),
    ];
    const read = await Promise.all(shards.map(async (shard) => (await thereAndBack(shard)).read.recording));
    expect(mergeRecordings(read)).toEqual(mergeRecordings(shards));
  });

  it.each([
    ['is no JSON', (text: string) => text.slice(0, -20), /is not JSON; expected a recording/],
    [
      'is a result',
      (text: string) => text.replace('recording@1', 'result@1'),
      /is not a recording, its schema is/,
    ],
    [
      'has a count below 0',
      (text: string) => text.replace('"answeredInTime":1', '"answeredInTime":-1'),
      /is a broken recording, at recording\.answeredInTime/,
    ],
    [
      'lacks a part',
      (text: string) => text.replace('"windows"', '"window"'),
      /is a broken recording, at recording\.windows/,
    ],
  ])('that %s is refused', async (_, damage, message) => {
    const path = join(scratch(), 'broken.json');
    const recording = recorded([{ outcome: 0, dueUs: 5, tookUs: 900, by: 1 }]);
    await writeRecording(path, { seed: 1, variant: 'a', repetition: 0, recording });
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    await expect(readRecording(path)).rejects.toThrow(message);
  });
});
