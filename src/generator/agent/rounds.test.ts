/** @module Calls that servers ask back, on a virtual clock. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedDriver, type Treatment } from '../../driver/simulated.case.ts';
import type { AnswerSettings, CallSettings } from '../../profile/settings.ts';
import { INPUT_KINDS } from '../../protocol/rounds/input-answer.ts';
import { rounds } from '../../recording/measure/rounds.ts';
import { Tallies } from '../../recording/measure/tallies.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { createAgents } from './agents.ts';
import type { CallEnd } from './caller.ts';

const SETTINGS: AnswerSettings = {
  kinds: INPUT_KINDS,
  rounds: 10,
  thinkUs: 0,
  roots: ['file:///work'],
  text: 'Yes.',
};

const CALLS: readonly CallSettings[] = [
  { name: 'deploy', method: 'tools/call', tool: 'deploy', arguments: { env: 'prod' }, weight: 1 },
  { name: 'read', method: 'resources/read', uri: 'file:///a', weight: 1 },
  { name: 'list', method: 'tools/list', weight: 1 },
];

const CONFIRM = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'Sure?',
    requestedSchema: { type: 'object', properties: { ok: { type: 'boolean', default: true } } },
  },
};

interface Params {
  readonly inputResponses?: object;
  readonly requestState?: string;
}

/** What the server answers to a request that is asked back. */
const asksFor = (result: object, more: Partial<Treatment> = {}): Treatment => ({
  takesUs: 100,
  outcome: 'input-required',
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, result: { resultType: 'input_required', ...result } }),
  ...more,
});

const REFUSED: Treatment = {
  takesUs: 100,
  outcome: 'rpc-error',
  code: -32602,
  body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"x","data":{"reason":"invalid_request_state"}}}',
};

/** Makes one call of the mix, to a server that answers its requests in turn; the last answer is given again. */
async function make(call: number, answers: readonly Treatment[], settings: Partial<AnswerSettings> = {}) {
  const clock = new VirtualClock();
  let turn = 0;
  const driver = simulatedDriver(clock, () => {
    const answer = answers[Math.min(turn, answers.length - 1)]!;
    turn += 1;
    return answer;
  });
  const all = { ...SETTINGS, ...settings };
  const tallies = new Tallies({ era: 'stateless', answers: all }, [rounds]);
  const agents = createAgents({
    era: 'stateless',
    calls: CALLS,
    seed: 1,
    driver,
    headers: {},
    now: () => clock.now(),
    after: (delay, wake) => clock.at(clock.now() + delay, wake),
    measureFromUs: 0,
    timeoutUs: 1e6,
    answers: all,
    tallies,
  });
  const ends: CallEnd[] = [];
  agents.of(0).call({ seq: 7, dueUs: 0, agent: 0, call }, (end) => ends.push({ ...end }));
  await clock.advance(60e6);
  expect(ends).toHaveLength(1);
  const bodies = driver.sent.map(
    ({ request }) =>
      JSON.parse(request.body.replace(/("traceparent":")[^"]+/, '$1')) as { id: number; params: Params },
  );
  return { end: ends[0]!, driver, bodies, counts: tallies.of(rounds)!.counts() };
}

const OK: Treatment = { takesUs: 100, servedBy: '2' };

describe('a call that is asked back', () => {
  it('is made again with the answers and the state, under another id, and is one call', async () => {
    const first = asksFor({ inputRequests: { confirm: CONFIRM }, requestState: 'v1.é' }, { servedBy: '1' });
    const { end, bodies, counts, driver } = await make(0, [first, OK]);
    const [asked, retry] = bodies;
    expect(retry?.id).toBeGreaterThan(1_000_000_000);
    expect(retry).toEqual({
      ...asked,
      id: retry?.id,
      params: {
        ...asked?.params,
        inputResponses: { confirm: { action: 'accept', content: { ok: true } } },
        requestState: 'v1.é',
      },
    });
    expect(driver.sent[1]?.request.head).toEqual(driver.sent[0]?.request.head);
    expect(end).toMatchObject({ outcome: 'ok', sentUs: 0, doneUs: 200, servedBy: '2', firstServedBy: '1' });
    expect(counts).toMatchObject({ asked: 1, rounds: 1, handOffs: 0, retries: 1, same: 0, elsewhere: 1 });
    expect(counts).toMatchObject({ elsewhereFailed: 0, refused: 0, states: 1, stateBytes: 5, capped: 0 });
    expect(counts.time).toMatchObject({ count: 1, totalUs: 100 });
  });

  it('carries no state when none came, and that of the latest answer otherwise', async () => {
    const { bodies, counts } = await make(0, [
      asksFor({ inputRequests: { a: CONFIRM }, requestState: 'one' }),
      asksFor({ inputRequests: { b: { method: 'roots/list' } } }),
      OK,
    ]);
    expect(bodies[1]?.params).toMatchObject({ requestState: 'one' });
    expect(bodies[2]?.params).not.toHaveProperty('requestState');
    expect(bodies[2]?.params.inputResponses).toEqual({ b: { roots: [{ uri: 'file:///work' }] } });
    expect(counts).toMatchObject({ asked: 1, rounds: 2, mostRounds: 2, retries: 2, states: 1 });
  });

  it('is made again at once when there is only a state', async () => {
    const { bodies, end, counts } = await make(1, [asksFor({ requestState: '' }), OK], { thinkUs: 1e6 });
    expect(bodies[1]?.params).toMatchObject({ requestState: '' });
    expect(bodies[1]?.params).not.toHaveProperty('inputResponses');
    expect(end).toMatchObject({ outcome: 'ok', doneUs: 200 });
    expect(counts).toMatchObject({ asked: 1, rounds: 1, handOffs: 1, retries: 1, thinkUs: 0 });
  });

  it('waits while the agent thinks', async () => {
    const { end, driver, counts } = await make(0, [asksFor({ inputRequests: { a: CONFIRM } }), OK], {
      thinkUs: 2e6,
    });
    expect(driver.sent.map(({ atUs }) => atUs)).toEqual([0, 2_000_100]);
    expect(end).toMatchObject({ sentUs: 0, doneUs: 2_000_200 });
    expect(counts.thinkUs).toBe(2e6);
  });

  it('ends when it is asked back once more than agents answer', async () => {
    const { end, bodies, counts } = await make(0, [asksFor({ requestState: 'again' })], { rounds: 3 });
    expect(bodies).toHaveLength(4);
    expect(end).toMatchObject({ outcome: 'input-required', sentUs: 0, doneUs: 400 });
    expect(end.detail).toBe('the server asks for input after 3 answers');
    expect(counts).toMatchObject({ asked: 1, rounds: 4, capped: 1, retries: 3 });
  });

  it.each([
    ['what agents do not answer', { inputRequests: { a: CONFIRM } }, { kinds: ['roots'] as const }],
    ['nothing at all', {}, {}],
    ['what is no request', { inputRequests: { a: 1 } }, {}],
    ['with a state that is no text', { inputRequests: { a: CONFIRM }, requestState: 1 }, {}],
  ])('ends when it is asked for %s', async (_, result, settings) => {
    const { end, bodies, counts } = await make(0, [asksFor(result)], settings);
    expect(bodies).toHaveLength(1);
    expect(end).toMatchObject({ outcome: 'input-required', doneUs: 100 });
    expect(counts).toMatchObject({ asked: 1, unanswered: 1, retries: 0, time: { count: 0 } });
  });

  it('ends as its last retry: a refused state is counted, and where', async () => {
    const first = asksFor({ requestState: 'x' }, { servedBy: '1' });
    const elsewhere = await make(0, [first, { ...REFUSED, servedBy: '2' }]);
    expect(elsewhere.end).toMatchObject({ outcome: 'rpc-error', code: -32602 });
    expect(elsewhere.counts).toMatchObject({
      elsewhere: 1,
      elsewhereFailed: 1,
      elsewhereRefused: 1,
      refused: 1,
    });
    const same = await make(0, [first, { ...REFUSED, servedBy: '1' }]);
    expect(same.counts).toMatchObject({ same: 1, sameFailed: 1, sameRefused: 1, refused: 1, elsewhere: 0 });
    const unnamed = await make(0, [first, REFUSED]);
    expect(unnamed.counts).toMatchObject({ same: 0, elsewhere: 0, refused: 1, retries: 1 });
    const other = await make(0, [
      first,
      { ...REFUSED, body: REFUSED.body!.replace('"reason"', '"why"'), servedBy: '2' },
    ]);
    expect(other.counts).toMatchObject({ elsewhereFailed: 1, refused: 0 });
  });

  it('becomes a task by the answer to its retry', async () => {
    const { end, counts } = await make(0, [
      asksFor({ requestState: 'x' }),
      { ...OK, outcome: 'task', body: '{}' },
    ]);
    expect(end).toMatchObject({ outcome: 'task', body: '{}' });
    expect(counts).toMatchObject({ asked: 1, sameFailed: 0, elsewhereFailed: 0 });
  });

  it('echoes any state', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (requestState) => {
        const { driver } = await make(0, [asksFor({ requestState }), OK]);
        expect(driver.sent[1]?.request.body).toContain(`"requestState":${JSON.stringify(requestState)},`);
      }),
      { numRuns: 50 },
    );
  });
});

describe('other calls', () => {
  it('are made once, and counted as none', async () => {
    const plain = await make(0, [OK]);
    expect(plain.bodies).toHaveLength(1);
    expect(plain.end).not.toHaveProperty('retried');
    expect(plain.counts).toMatchObject({ asked: 0, rounds: 0, retries: 0 });
    const listed = await make(2, [asksFor({ requestState: 'x' })]);
    expect(listed.bodies).toHaveLength(1);
    expect(listed.end.outcome).toBe('input-required');
  });
});
