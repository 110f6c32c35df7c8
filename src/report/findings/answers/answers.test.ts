import { describe, expect, it } from 'vitest';
import type { ResultDocument, VariantResult } from '../../../result/document.ts';
import { modelOf } from '../../model.ts';
import { demo } from '../../sample-document.case.ts';
import { CACHING, CHECK, questions, questionsAndMore, SESSIONS } from '../../sample-questions.case.ts';
import { answered } from './answers.ts';

const answersOf = (document: ResultDocument): readonly string[] =>
  answered(modelOf(document)).map(({ answer }) => answer);

/** The document with a change of one variant; its comparisons stay. */
function changing(name: string, change: (variant: VariantResult) => VariantResult): ResultDocument {
  const document = questions();
  const variants = document.variants.map((one) => (one.name === name ? change(one) : one));
  return { ...document, variants };
}

describe('the parts of a model', () => {
  it('are the questions of the profile in its order, with their own variants and comparisons only', () => {
    const { parts } = modelOf(questions());
    expect(parts.map(({ question }) => question)).toEqual([SESSIONS, CHECK, CACHING]);
    expect(parts.map(({ model }) => model.variants.map(({ name }) => name))).toEqual([
      ['stateless, round-robin', 'sessions, round-robin', 'sessions, sticky'],
      ['none', 'introspection'],
      ['no cache', 'ttl 5 s'],
    ]);
    for (const { model } of parts) {
      const names = model.variants.map(({ name }) => name);
      expect(model.pairs.length).toBeGreaterThan(0);
      for (const { base, candidate } of model.pairs) {
        expect(names).toEqual(expect.arrayContaining([base.name, candidate.name]));
      }
      expect(model.parts).toEqual([]);
    }
  });

  it('are none where no variant has a question', () => {
    expect(modelOf(demo()).parts).toEqual([]);
    expect(answersOf(demo())).toEqual([]);
  });

  it('hold variants without a question last, apart', () => {
    const parts = modelOf(questionsAndMore()).parts;
    expect(parts.map(({ question }) => question)).toEqual([SESSIONS, CHECK, CACHING, '']);
    expect(parts.at(-1)!.model.variants.map(({ name }) => name)).toEqual(['sessions, hash-session']);
  });
});

describe('an answer', () => {
  it('says of sessions what is lost without their owner, and what it costs to lose nothing', () => {
    const [sessions] = answersOf(questions());
    expect(sessions).toMatch(
      /^“sessions, round-robin” lost 7\d % of its [\d,]+ calls.*; “sessions, sticky” lost none; against “stateless, round-robin”: worse in p50 response time \(1\.\d\dx \[.*\]\)/,
    );
    expect(sessions).not.toMatch(/calls per second|error rate/);
  });

  it('says of a check what it adds, with an interval', () => {
    expect(answersOf(questions())[1]).toBe(
      'Against the same Poisson arrivals without a check (“none”), the median call takes 1.96 ms longer with “introspection” (95 % interval 1.92 ms to 2 ms).',
    );
  });

  it.each([
    [-20, 30, '20 us less with “introspection”, which is not certain (95 % interval -20 us to 30 us)'],
    [-30, -10, '20 us less with “introspection” (95 % interval -30 us to -10 us)'],
    [null, null, '20 us less with “introspection” (too few repetitions for an interval)'],
  ])('does not say more of a check than its interval %s to %s', (ciLowUs, ciHighUs, said) => {
    const document = changing('introspection', (variant) => {
      const auth = variant.summary!.auth!;
      const added = { ...auth.added!, p50Us: -20, ciLowUs, ciHighUs };
      return { ...variant, summary: { ...variant.summary!, auth: { ...auth, added } } };
    });
    expect(answersOf(document)[1]).toContain(`the median call takes ${said}.`);
  });

  it('says of a cache what it saves, and what agents feel of it', () => {
    expect(answersOf(questions())[2]).toMatch(
      /^Caching tools\/list for 5 s saves \d+ % of the lists at the origin \(.* instead of .*\/s, .* fewer at 95 %\); lists take .* instead of .* at the median/,
    );
  });

  it('is the first comparison where nothing else answers', () => {
    const document = changing('introspection', (variant) => {
      const auth = { ...variant.summary!.auth!, added: null };
      return { ...variant, summary: { ...variant.summary!, auth } };
    });
    expect(answersOf(document)[1]).toMatch(/^“introspection” against “none”: /);
    expect(answersOf({ ...document, comparisons: [] })[1]).toBe('');
  });
});
