import { afterEach, describe, expect, it } from 'vitest';
import { askStateless } from '../server/ask.case.ts';
import { settingsOf, startFor } from './profile-testbed.case.ts';
import type { Testbed } from './testbed.ts';

let testbed: Testbed | undefined;
afterEach(async () => {
  await testbed?.stop();
  testbed = undefined;
});

const start = async (instances: number, policy: string, state: string): Promise<string> => {
  const fleet = `fleet: { server: lean, instances: ${instances}, state: ${state} }`;
  testbed = await startFor(settingsOf(fleet, `balancer: { policy: ${policy} }`));
  return testbed.endpoint.url;
};

const call = async (url: string, name: string, args: Readonly<Record<string, unknown>>) =>
  (await askStateless(url, 'tools/call', { name, arguments: args })).message.result;

/** How many of `tries` handles the next call finds. */
async function found(url: string, tries: number): Promise<number> {
  let known = 0;
  for (let n = 0; n < tries; n += 1) {
    const { basket_id } = (await call(url, 'create_basket', {})).structuredContent;
    if ((await call(url, 'get_basket', { basket_id })).isError !== true) known += 1;
  }
  return known;
}

/** The probability of `k` or fewer of `n`, each with probability `p`. */
function binomialTail(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = 0;
  for (let events = 0; events <= k; events += 1) {
    sum += term;
    term *= ((n - events) / (events + 1)) * (p / (1 - p));
  }
  return sum;
}

const TRIES = 240;

describe('a handle in the memory of one instance', () => {
  it.each([2, 4])('is known to the next call one time in %i, behind random-two', async (instances) => {
    const known = await found(await start(instances, 'random-two', '{ kind: memory }'), TRIES);
    // Two-sided, at one in ten thousand; the choices come from a seed, so that the test always sees the same.
    expect(binomialTail(known, TRIES, 1 / instances)).toBeGreaterThan(5e-5);
    expect(binomialTail(TRIES - known, TRIES, 1 - 1 / instances)).toBeGreaterThan(5e-5);
  });

  it('is never known to the next call behind taking turns', async () => {
    expect(await found(await start(2, 'round-robin', '{ kind: memory }'), 30)).toBe(0);
  });
});

describe.each(['{ kind: store }', '{ kind: signed }'])('state of %s', (state) => {
  it('is known to every call, also after the instance that made it was killed', async () => {
    const url = await start(2, 'round-robin', state);
    expect(await found(url, 30)).toBe(30);
    let { basket_id } = (await call(url, 'create_basket', {})).structuredContent;
    for (const item of ['apple', 'pear']) {
      ({ basket_id } = (await call(url, 'add_to_basket', { basket_id, item })).structuredContent);
    }
    await testbed!.controls.kill!('1');
    const { url: second } = testbed!.instances[1]!;
    expect((await call(second, 'get_basket', { basket_id })).structuredContent.items).toEqual([
      'apple',
      'pear',
    ]);
  });
});

it('instances that sign with keys of their own refuse what another one has signed', async () => {
  const url = await start(2, 'round-robin', '{ kind: signed, keys: own }');
  expect(await found(url, 10)).toBe(0);
});
