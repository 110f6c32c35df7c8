import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile.ts';
import { METRICS, whatIsWrong, withLines } from '../sample-profile.case.ts';

const TASKS = 'tasks: { work: 1s }';

describe('fleet.tasks', () => {
  it.each(['memory', 'store', 'node-encoded'])('stands beside state of kind %s', (kind) => {
    const text = withLines(`fleet: { ${TASKS}, state: { kind: ${kind} } }`);
    const [variant] = parseProfile(text, 'p.yaml', { metrics: METRICS }).variants;
    expect(variant!.settings.endpoint).toMatchObject({ tasks: { ttlMs: 60_000 }, state: { kind } });
  });

  it('is refused beside signed handles, which no task could be kept in', () => {
    expect(whatIsWrong(`fleet: { ${TASKS}, state: { kind: signed } }`)).toEqual([
      expect.stringMatching(/ fleet\.tasks: cannot be kept in a signed handle/),
    ]);
  });

  it('is refused in the variant that signs, and in no other one', () => {
    const problems = whatIsWrong(
      `fleet: { ${TASKS} }`,
      'variants: [{ name: memory }, { name: signed, fleet.state.kind: signed }]',
    );
    expect(problems).toEqual([expect.stringContaining('cannot be kept in a signed handle')]);
  });
});
