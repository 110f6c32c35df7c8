import { describe, expect, it } from 'vitest';
import { type SimulatedDriver, simulatedDriver, type Treatment } from '../../driver/simulated.case.ts';
import type { TaskSettings } from '../../profile/settings.ts';
import { decodeHistogram } from '../../recording/histogram.ts';
import { TaskTally } from '../../recording/measure/tasks.ts';
import { randomAt } from '../../units/random.ts';
import type { Micros } from '../../units/time.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import type { AgentRequest, CallEnd } from './caller.ts';
import { DriverCaller } from './driver-caller.ts';
import { OwnIds, OwnRequest } from './own-request.ts';
import { taskLayer } from './task-layer.ts';
import { TaskLimit } from './task-limit.ts';
import { TASK_ANSWERS, TASK_CAPABILITIES, TaskRequests } from './task-requests.ts';

/** A task of the simulated server. */
interface Task {
  readonly createdUs: Micros;
  readonly endsUs: Micros;
  answered: boolean;
}

interface ServerOptions {
  readonly worksUs: (index: number) => Micros;
  readonly pollIntervalMs?: number;
  readonly ttlMs?: number | null;
  readonly asks?: boolean;
  readonly end?: object;
  /** Whether the server knows the task in this request. */
  readonly knows?: () => boolean;
}

const ROUND_TRIP: Micros = 1000;

function bench(server: ServerOptions, settings: Partial<TaskSettings> = {}) {
  const clock = new VirtualClock();
  const tasks = new Map<string, Task>();
  const iso = (us: Micros): string =>
    new Date(Math.floor(us / 1000))
      .toISOString()
      .replace('Z', `${String(Math.floor(us) % 1000).padStart(3, '0')}Z`);
  const { ttlMs = 60_000, pollIntervalMs, asks = false, end = { status: 'completed', result: {} } } = server;
  const view = (taskId: string): object => {
    const { createdUs, endsUs, answered } = tasks.get(taskId)!;
    const isOver = clock.now() >= endsUs;
    const isAsking = asks && !answered;
    const at = { taskId, createdAt: iso(createdUs), ttlMs, pollIntervalMs };
    if (isOver && isAsking) {
      return { ...at, status: 'input_required', lastUpdatedAt: iso(endsUs), inputRequests: { a: FORM } };
    }
    return isOver
      ? { ...at, lastUpdatedAt: iso(endsUs), ...end }
      : { ...at, status: 'working', lastUpdatedAt: iso(createdUs) };
  };
  const result = (value: object): Treatment => ({
    takesUs: ROUND_TRIP,
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, result: value }),
  });
  const treat = (request: { readonly body: string }): Treatment => {
    const { method, params } = JSON.parse(request.body);
    if (method === 'tools/call') {
      const taskId = `task-${tasks.size}`;
      tasks.set(taskId, {
        createdUs: clock.now(),
        endsUs: clock.now() + server.worksUs(tasks.size),
        answered: false,
      });
      return { ...result({ resultType: 'task', ...view(taskId) }), outcome: 'task' };
    }
    if (server.knows?.() === false)
      return { takesUs: ROUND_TRIP, outcome: 'rpc-error', code: -32602, detail: '-32602' };
    if (method === 'tasks/update') tasks.get(params.taskId)!.answered = true;
    return result(method === 'tasks/get' ? view(params.taskId) : {});
  };
  const driver: SimulatedDriver = simulatedDriver(clock, (request) => treat(request));
  const tally = new TaskTally();
  const limit = new TaskLimit();
  const headers = {};
  const caller = taskLayer({
    settings: { via: 'poll', cancel: 0, ...settings },
    requests: new TaskRequests({ headers, capabilities: TASK_CAPABILITIES }, new OwnIds()),
    limit,
    tally,
    now: () => clock.now(),
    after: (us, wake) => clock.at(clock.now() + us, wake),
    epochMsOf: (us) => us / 1000,
    rules: TASK_ANSWERS,
    seed: 1,
  })(new DriverCaller(driver));
  const ends: CallEnd[] = [];
  const call = (keepBody = false): void => caller.send(CALL, (ended) => ends.push({ ...ended }), keepBody);
  const methods = (): readonly string[] => driver.sent.map(({ request }) => JSON.parse(request.body).method);
  return { clock, driver, tally, limit, ends, call, methods, view };
}

const FORM = {
  method: 'elicitation/create',
  params: { requestedSchema: { type: 'object', properties: { ok: { type: 'boolean', default: true } } } },
};

const BODY = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'tools/call', params: { name: 'slow_report' } });
const CALL: AgentRequest = new OwnRequest(
  { method: 'tools/call', name: 'slow_report' },
  { measured: true },
  () => ({
    head: { method: 'POST', headers: [], text: '' },
    body: BODY,
    ascii: true,
    expected: { kind: 'result', id: 0 },
    inSession: false,
  }),
);

const SECOND = 1e6;

describe('a call that becomes a task', () => {
  it('ends with the result of the task, found by polls as often as the server says', () => {
    const { clock, call, ends, driver, tally } = bench({ worksUs: () => 250_000, pollIntervalMs: 100 });
    call();
    clock.advance(SECOND);
    expect(ends).toMatchObject([{ outcome: 'ok', sentUs: 0 }]);
    const polls = driver.sent.slice(1).map(({ atUs }) => atUs);
    // Each an interval after the answer before.
    expect(polls).toEqual([101_000, 202_000, 303_000]);
    expect(ends[0]!.doneUs).toBe(304_000);
    expect(tally.counts()).toMatchObject({ created: 1, completed: 1, polls: 3, wasted: 2 });
    expect(tally.counts().detection.maxUs).toBe(54_000);
    expect(driver.sent[1]!.request.head.headers.join()).toContain('Mcp-Name,task-0');
  });

  it.each([
    [undefined, 1_001_000],
    [0, 11_000],
  ])('is polled for the first time after the interval %s', (pollIntervalMs, atUs) => {
    const { clock, call, driver } = bench({
      worksUs: () => 5 * SECOND,
      ...(pollIntervalMs !== undefined && { pollIntervalMs }),
    });
    call();
    clock.advance(2 * SECOND);
    expect(driver.sent[1]!.atUs).toBe(atUs);
  });

  it('answers what the task asks for, once', () => {
    const { clock, call, ends, methods, driver } = bench({
      worksUs: () => 50_000,
      pollIntervalMs: 100,
      asks: true,
    });
    call();
    clock.advance(SECOND);
    expect(ends).toMatchObject([{ outcome: 'ok' }]);
    expect(methods()).toEqual(['tools/call', 'tasks/get', 'tasks/update', 'tasks/get']);
    const { params } = JSON.parse(driver.sent[2]!.request.body);
    expect(params.inputResponses).toEqual({ a: { action: 'accept', content: { ok: true } } });
  });

  it.each<[object, Partial<CallEnd>, string]>([
    [{ status: 'completed', result: { isError: true } }, { outcome: 'tool-error' }, 'toolErrors'],
    [
      { status: 'failed', error: { code: -32603, message: 'no' } },
      { outcome: 'rpc-error', code: -32603 },
      'failed',
    ],
    [{ status: 'cancelled' }, { outcome: 'tool-error' }, 'cancelled'],
  ])('ends as the task does: %j', (end, expected, counted) => {
    const { clock, call, ends, tally } = bench({ worksUs: () => 1000, pollIntervalMs: 100, end });
    call();
    clock.advance(SECOND);
    expect(ends).toMatchObject([expected]);
    expect(tally.counts()).toMatchObject({ [counted]: 1 });
  });

  it('has lost its task when the server does not know it in its time', () => {
    const { clock, call, ends, tally } = bench({
      worksUs: () => SECOND,
      pollIntervalMs: 100,
      knows: () => false,
    });
    call();
    clock.advance(SECOND);
    expect(ends).toMatchObject([{ outcome: 'rpc-error', code: -32602 }]);
    const counts = tally.counts();
    expect(counts).toMatchObject({ lost: 1, pollsUnknown: 1, orphaned: 0 });
    // Nobody has learnt how it ended.
    expect(counts.whole.count).toBe(0);
  });

  it.each([
    [1002, 'lost'],
    [1001, 'orphaned'],
  ])('with %i ms for a task that is denied at 1.001 s, counts it as %s', (ttlMs, end) => {
    // The first poll is sent after 1 s, and answered 1 ms later: too late to tell whether a task of 1001 ms was still to be kept.
    const { clock, call, tally } = bench({
      worksUs: () => 9 * SECOND,
      pollIntervalMs: 999,
      ttlMs,
      knows: () => false,
    });
    call();
    clock.advance(2 * SECOND);
    expect(tally.counts()).toMatchObject({ pollsUnknown: 1, [end]: 1 });
  });

  it('gives up a task that has not ended when its time is over', () => {
    const { clock, call, ends, tally } = bench({
      worksUs: () => 60 * SECOND,
      pollIntervalMs: 100,
      ttlMs: 1000,
    });
    call();
    clock.advance(2 * SECOND);
    expect(ends).toMatchObject([{ outcome: 'timeout' }]);
    expect(tally.counts()).toMatchObject({ orphaned: 1, lost: 0 });
  });

  it('cancels a task in place of the first poll', () => {
    const { clock, call, ends, methods } = bench(
      { worksUs: () => 9 * SECOND, pollIntervalMs: 100 },
      { cancel: 1 },
    );
    call();
    clock.advance(SECOND);
    expect(methods()).toEqual(['tools/call', 'tasks/cancel']);
    expect(ends).toMatchObject([{ outcome: 'ok' }]);
  });

  it('is followed until the limit after the load, and no longer than the run', () => {
    const late = bench({ worksUs: () => 60 * SECOND, pollIntervalMs: 10_000 });
    late.limit.untilUs = 2 * SECOND;
    late.call();
    late.clock.advance(3 * SECOND);
    expect(late.ends).toMatchObject([{ outcome: 'timeout', doneUs: 2 * SECOND }]);
    const stopped = bench({ worksUs: () => 60 * SECOND, pollIntervalMs: 10_000 });
    stopped.call();
    stopped.clock.advance(SECOND);
    stopped.limit.stop();
    expect(stopped.ends).toMatchObject([{ outcome: 'aborted' }]);
    expect(stopped.tally.counts()).toMatchObject({ unfinished: 1 });
  });

  it('learns by a notification that the task has ended, after one poll', () => {
    const { clock, call, ends, driver, methods, view, tally } = bench(
      { worksUs: () => 500_000, pollIntervalMs: 100 },
      { via: 'listen' },
    );
    call();
    clock.advance(2000);
    const { listener, request } = driver.streams[0]!;
    expect(JSON.parse(request.body).params.notifications).toEqual({ taskIds: ['task-0'] });
    const say = (method: string, params: object): void =>
      listener.onMessage!(JSON.stringify({ jsonrpc: '2.0', method: `notifications/${method}`, params }));
    say('subscriptions/acknowledged', { notifications: { taskIds: ['task-0'] } });
    clock.advance(600_000);
    expect(ends).toEqual([]);
    say('tasks', view('task-0'));
    expect(ends).toMatchObject([{ outcome: 'ok', doneUs: 602_000 }]);
    expect(methods()).toEqual(['tools/call', 'tasks/get']);
    expect(driver.streams[0]!.closed).toBe(true);
    // The poll comes before the end by design.
    expect(tally.counts()).toMatchObject({ notifications: 1, polls: 1, wasted: 0 });
  });

  it.each(['poll', 'listen'] as const)(
    'via %s, has the result of the task as its answer, where one is wanted',
    (via) => {
      const result = { content: [], structuredContent: { basket: 'b-7' } };
      for (const keepBody of [true, false]) {
        const { clock, call, ends, driver, view } = bench(
          { worksUs: () => 250_000, pollIntervalMs: 100, end: { status: 'completed', result } },
          { via },
        );
        call(keepBody);
        clock.advance(2000);
        const { onMessage } = driver.streams[0]?.listener ?? {};
        const say = (method: string, params: object): void =>
          onMessage?.(JSON.stringify({ jsonrpc: '2.0', method: `notifications/${method}`, params }));
        say('subscriptions/acknowledged', { notifications: { taskIds: ['task-0'] } });
        clock.advance(SECOND);
        say('tasks', view('task-0'));
        expect(ends.map(({ outcome }) => outcome)).toEqual(['ok']);
        expect(ends[0]!.body).toBe(keepBody ? JSON.stringify({ result }) : undefined);
      }
    },
  );

  it('polls where the server does not tell of the task', () => {
    const { clock, call, ends, driver, tally } = bench(
      { worksUs: () => 250_000, pollIntervalMs: 100 },
      { via: 'listen' },
    );
    call();
    clock.advance(2000);
    driver.streams[0]!.listener.onEnd('refused');
    clock.advance(SECOND);
    expect(ends).toMatchObject([{ outcome: 'ok' }]);
    expect(tally.counts()).toMatchObject({ polls: 3, wasted: 2 });
  });
});

describe('the truth about tasks', () => {
  it('finds the end of a task with a delay that is uniform on (0, poll interval)', () => {
    const random = randomAt(5, 'service');
    const interval = 100_000;
    const { clock, call, tally } = bench({
      worksUs: () => interval + random.next() * 10 * interval,
      pollIntervalMs: interval / 1000,
    });
    const count = 2000;
    for (let n = 0; n < count; n += 1) call();
    clock.advance(2 * SECOND);
    const { detection, completed } = tally.counts();
    expect([completed, detection.count]).toEqual([count, count]);
    const histogram = decodeHistogram(detection.histogram);
    // Kolmogorov-Smirnov, over the percentiles; a poll takes a round trip more, of which the end lies before its answer.
    const period = interval + ROUND_TRIP;
    const distance = Math.max(
      ...Array.from({ length: 99 }, (_, index) => {
        const share = (index + 1) / 100;
        const at = histogram.getValueAtPercentile(share * 100);
        return Math.abs(share - (at - ROUND_TRIP) / period);
      }),
    );
    // Critical value at a level of 0.1 %, and 1 % for the steps of the percentiles and of the histogram.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count) + 0.01);
  });

  it('finds a task in the memory of one of N instances with probability 1/N in each poll', () => {
    for (const instances of [2, 4, 8]) {
      const random = randomAt(7, 'balancer', instances);
      const { clock, call, tally } = bench({
        worksUs: () => 300_000,
        pollIntervalMs: 100,
        knows: () => random.below(instances) === 0,
      });
      const count = 4000;
      for (let n = 0; n < count; n += 1) call();
      clock.advance(SECOND);
      const { polls, pollsUnknown, lost, completed, created } = tally.counts();
      const all = polls + pollsUnknown;
      const deviation = Math.sqrt(((1 / instances) * (1 - 1 / instances)) / all);
      expect(Math.abs(polls / all - 1 / instances)).toBeLessThan(4 * deviation);
      expect(lost + completed).toBe(created);
    }
  });
});
