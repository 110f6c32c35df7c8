import { expect, it } from 'vitest';
import { questionOf } from './questions.ts';

it.each([
  ['its own', { name: 'b', question: 'own?' }, 'own?'],
  ['that of the base that it names', { name: 'b', base: 'c' }, 'second?'],
  ['that of the first variant where it names no base', { name: 'b' }, 'first?'],
  ['none where its base is not there', { name: 'b', base: 'x' }, undefined],
])('a variant answers %s', (_, variant, question) => {
  const others = [
    { name: 'a', question: 'first?' },
    { name: 'c', question: 'second?' },
  ];
  expect(questionOf([...others, variant], 2)).toBe(question);
});
