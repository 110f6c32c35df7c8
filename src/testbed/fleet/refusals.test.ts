import { describe, expect, it } from 'vitest';
import { UserError } from '../../units/user-error.ts';
import { ProbeError } from '../probe-error.ts';
import { Refusals } from './refusals.ts';

const silence = new UserError({ where: 'url', what: 'no answer (refused)' });
const answer = (what: string): ProbeError => new ProbeError({ where: 'url', what }, true);

function watched(): { readonly told: string[]; readonly refusals: Refusals } {
  const told: string[] = [];
  const refusals = new Refusals(({ hasAnswered, seen }) => told.push(`${hasAnswered} ${seen}`));
  return { told, refusals };
}

describe('the refusals of a server that starts', () => {
  it('are told once answers should be there, and not before', () => {
    const { told, refusals } = watched();
    refusals.add(answer('an error (500)'));
    expect(told).toEqual([]);
    refusals.tellAnswers();
    expect(told).toEqual(['true an error (500)']);
    refusals.add(answer('an error (503)'));
    refusals.tellSilence();
    expect(told).toHaveLength(1);
    expect(refusals.last?.what).toBe('an error (503)');
  });

  it('are told at the first answer when that comes late', () => {
    const { told, refusals } = watched();
    refusals.add(silence);
    refusals.tellAnswers();
    expect(told).toEqual([]);
    refusals.tellSilence();
    refusals.add(answer('an error (500)'));
    expect(told).toEqual(['false no answer (refused)', 'true an error (500)']);
  });

  it('keep the last answer when the server goes silent again, and say when a probe never ended', () => {
    const { told, refusals } = watched();
    refusals.tellSilence();
    expect(told).toEqual(['false no answer']);
    refusals.add(answer('an error (500)'));
    refusals.add(silence);
    expect(refusals.last?.what).toBe('an error (500)');
  });
});
