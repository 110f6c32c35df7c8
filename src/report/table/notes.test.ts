import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../result/document.ts';
import { markdown } from '../format/markdown.ts';
import { headline } from '../format/text.ts';
import { modelOf } from '../model.ts';
import { demo, generatorBound, interrupted, judged, oneVariant } from '../sample-document.case.ts';
import { noteLines } from './notes.ts';

const untold = (document: ResultDocument): readonly string[] => noteLines(modelOf(document), 'untold');
const all = (document: ResultDocument): readonly string[] => noteLines(modelOf(document), 'all');

describe('the notes of a result', () => {
  it('are one line per kind, with the trials it happened in', () => {
    expect(untold(judged())).toEqual([
      expect.stringMatching(/^All 12 trials: no answer has the header x-pod/),
      expect.stringMatching(
        /^“sessions, sticky” repetitions 2 and 3, in the first of them: send lag p99 is 2\.5 ms/,
      ),
    ]);
  });

  it('leave out where they happened when there was one trial', () => {
    const document = oneVariant();
    const [variant] = document.variants;
    const repetitions = variant!.repetitions.map((one) => ({ ...one, notes: ['the target restarted'] }));
    expect(untold({ ...document, variants: [{ ...variant!, repetitions }] })).toEqual([
      'the target restarted',
    ]);
  });

  it('are told once: findings have the interruption, the generator as the bottleneck, and processes that ended', () => {
    expect(untold(interrupted())).toEqual([]);
    expect(all(interrupted())).toEqual(['“sessions, sticky” repetition 2: cut short']);
    expect(untold(generatorBound())).toEqual([]);
    expect(all(generatorBound())).toEqual([
      expect.stringMatching(/^“stateless, round-robin”: event loop at 99 %/),
    ]);
    const [first, ...others] = demo().variants;
    const exited = {
      kind: 'exited',
      part: 'fleet',
      instance: '2',
      code: 1,
      signal: null,
      output: '',
    } as const;
    const repetitions = first!.repetitions.map((one) => ({
      ...one,
      observations: [exited],
      notes: ['instance 2 exited with code 1 during the run'],
    }));
    const document = { ...demo(), variants: [{ ...first!, repetitions }, ...others] };
    expect(untold(document)).toEqual([]);
    expect(all(document)).toEqual(['“sessions, round-robin”: instance 2 exited with code 1 during the run']);
  });

  it('keep apart what is about different instances', () => {
    const [first, ...others] = demo().variants;
    const notes = ['kill at instance 1 failed: busy', 'kill found no instance in service'];
    const observations = [
      { kind: 'event-failed', part: 'events', event: 'kill', instance: '1', reason: 'busy' },
      { kind: 'event-without-instance', part: 'events', event: 'kill' },
    ] as const;
    const repetitions = first!.repetitions.map((one) => ({ ...one, notes, observations: [...observations] }));
    expect(untold({ ...demo(), variants: [{ ...first!, repetitions }, ...others] })).toHaveLength(2);
  });

  it('reach the terminal and Markdown', async () => {
    const model = modelOf(judged());
    const md = String((await markdown(model)).files[0]!.content);
    for (const text of [headline(model).replaceAll(/\n {2}/g, ' '), md]) {
      expect(text).toMatch(/(! |⚠️ )All 12 trials: no answer has the header x-pod/);
      expect(text).toContain('“sessions, sticky” repetitions 2 and 3, in the first of them: send lag p99');
    }
  });
});
