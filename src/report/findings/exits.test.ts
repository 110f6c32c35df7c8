/** @module Proves that a server or balancer that ended during the run is a finding, first of all where calls failed. */
import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../result/document.ts';
import type { ExitNote, Note } from '../../result/note.ts';
import { renderers } from '../format/formats.ts';
import { headline } from '../format/text.ts';
import { modelOf } from '../model.ts';
import { noteText } from '../note-text.ts';
import { DEMO, demo, documentOf, oneVariant } from '../sample-document.case.ts';
import { findings } from './findings.ts';

const ended = (over: Partial<ExitNote>): ExitNote => ({
  kind: 'exited',
  part: 'fleet',
  instance: '2',
  code: 1,
  signal: null,
  output: '',
  ...over,
});

const STACK = ended({
  output: `/srv/app.js:3
    throw new Error('boom');
Error: boom
    at Timeout._onTimeout (/srv/app.js:3:9)`,
});

const KILLED = { code: null, signal: 'SIGKILL' } as const;

/** These notes in the repetitions of the last variant. */
function noted(document: ResultDocument, ...notes: readonly (readonly Note[])[]): ResultDocument {
  return {
    ...document,
    variants: document.variants.map((variant, place) =>
      place < document.variants.length - 1
        ? variant
        : {
            ...variant,
            repetitions: variant.repetitions.map((one, at) => {
              const observations = [...(notes[at] ?? [])];
              return { ...one, observations, notes: observations.map(noteText) };
            }),
          },
    ),
  };
}

const failing = documentOf([
  { ...DEMO[3]!, failure: { outcome: 'reset', detail: 'ECONNRESET', share: 0.2 } },
]);

describe('a server that ended during the run', () => {
  it('is the first finding where calls failed, with the line that tells most', () => {
    expect(findings(modelOf(noted(failing, [STACK], [], [STACK])))[0]).toEqual({
      tone: 'bad',
      text: "“stateless, round-robin”: instance 2 exited with code 1 during repetitions 1 and 3; from its output: “throw new Error('boom');”.",
    });
  });

  it('is in Markdown and on the terminal, too', async () => {
    const document = noted(failing, [STACK]);
    const text = String((await renderers.md(modelOf(document))).files[0]!.content);
    expect(text).toContain('instance 2 exited with code 1 during repetition 1');
    expect(headline(modelOf(document))).toContain('instance 2 exited with code 1 during repetition 1');
  });

  it('is a warning where no call failed, and names no repetition of one', () => {
    expect(findings(modelOf(noted(oneVariant(), [ended({ instance: '1', ...KILLED })])))[0]).toEqual({
      tone: 'warning',
      text: '“default”: instance 1 was ended by SIGKILL during the run.',
    });
  });

  it('has no finding of its own for each of many', () => {
    const notes = Array.from({ length: 9 }, (_, id) => ended({ instance: String(id + 1), ...KILLED }));
    const found = findings(modelOf(noted(failing, notes))).filter(({ text }) => text.includes(' during '));
    expect(found).toHaveLength(5);
    expect(found.at(-1)).toMatchObject({ tone: 'bad', text: expect.stringMatching(/^5 more processes/) });
  });

  it('is a finding about the balancer, too, and other notes are none', () => {
    const said = findings(
      modelOf(
        noted(failing, [
          { kind: 'exited', part: 'balancer', code: null, signal: 'SIGSEGV', output: '' },
          { kind: 'event-without-instance', part: 'events', event: 'pause' },
        ]),
      ),
    ).map(({ text }) => text);
    expect(said[0]).toBe('“stateless, round-robin”: the balancer was ended by SIGSEGV during repetition 1.');
    expect(said.join()).not.toContain('pause found');
    expect(
      findings(modelOf(demo()))
        .map(({ text }) => text)
        .join(),
    ).not.toContain(' during ');
  });

  it('is no finding of an older result, whose notes are words only; they are shown as they are', async () => {
    const words = 'instance 2 exited with code 1 in mid-run; its last words: boom';
    const old: ResultDocument = {
      ...failing,
      variants: failing.variants.map((variant) => ({
        ...variant,
        repetitions: variant.repetitions.map((one) => ({ ...one, notes: [words] })),
      })),
    };
    expect(findings(modelOf(old))).toEqual(findings(modelOf(failing)));
    expect(String((await renderers.html(modelOf(old))).files[0]!.content)).toContain(words);
  });
});
