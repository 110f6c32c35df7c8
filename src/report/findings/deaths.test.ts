/** @module Proves that a server or balancer that died in mid-run is a finding, first of all where calls failed. */
import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../result/document.ts';
import { findings } from '../findings.ts';
import { headline } from '../format/text.ts';
import { renderers } from '../formats.ts';
import { DEMO, demo, documentOf, oneVariant } from '../sample-document.case.ts';

const STACK = `instance 2 exited with code 1 in mid-run; its last words: /srv/app.js:3
    throw new Error('boom');
Error: boom
    at Timeout._onTimeout (/srv/app.js:3:9)`;

/** These notes in the repetitions of the last variant. */
function noted(document: ResultDocument, ...notes: readonly (readonly string[])[]): ResultDocument {
  return {
    ...document,
    variants: document.variants.map((variant, place) =>
      place < document.variants.length - 1
        ? variant
        : {
            ...variant,
            repetitions: variant.repetitions.map((one, at) => ({ ...one, notes: [...(notes[at] ?? [])] })),
          },
    ),
  };
}

const failing = documentOf([
  { ...DEMO[3]!, failure: { outcome: 'reset', detail: 'ECONNRESET', share: 0.2 } },
]);

describe('a server that died in mid-run', () => {
  it('is the first finding where calls failed, with the line that tells most', () => {
    expect(findings(noted(failing, [STACK], [], [STACK]))[0]).toEqual({
      tone: 'bad',
      text: "“stateless, round-robin”: instance 2 exited with code 1 in mid-run of repetitions 1 and 3; its last words: “throw new Error('boom');”.",
    });
  });

  it('is in Markdown and on the terminal, too', async () => {
    const document = noted(failing, [STACK]);
    const text = String((await renderers.md(document)).files[0]!.content);
    expect(text).toContain('instance 2 exited with code 1 in mid-run');
    expect(headline(document)).toContain('instance 2 exited with code 1 in mid-run');
  });

  it('is a warning where no call failed, and names no repetition of one', () => {
    expect(findings(noted(oneVariant(), ['instance 1 was ended by SIGKILL in mid-run']))[0]).toEqual({
      tone: 'warning',
      text: '“default”: instance 1 was ended by SIGKILL in mid-run.',
    });
  });

  it('has no finding of its own for each of many', () => {
    const notes = Array.from({ length: 9 }, (_, id) => `instance ${id + 1} was ended by SIGKILL in mid-run`);
    const dead = findings(noted(failing, notes)).filter(({ text }) => text.includes('mid-run'));
    expect(dead).toHaveLength(5);
    expect(dead.at(-1)).toMatchObject({ tone: 'bad', text: expect.stringMatching(/^5 more processes/) });
  });

  it('is told of the balancer, and nothing is made of other notes', () => {
    const said = findings(
      noted(failing, [
        'the balancer was ended by SIGSEGV in mid-run; its last words: ',
        'pause found no instance',
      ]),
    ).map(({ text }) => text);
    expect(said[0]).toBe(
      '“stateless, round-robin”: the balancer was ended by SIGSEGV in mid-run of repetition 1.',
    );
    expect(said.join()).not.toContain('pause found');
    expect(
      findings(demo())
        .map(({ text }) => text)
        .join(),
    ).not.toContain('mid-run');
  });
});
