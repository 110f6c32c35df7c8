/**
 * @module The suites of the layers again, with calls whose arrival and request cannot be used any more once the call has ended, and
 * with replies that cannot be used any more once they were handed over: later calls use them again.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Arrival } from '../schedule/schedule.ts';
import { Agent } from './agent.ts';
import type { AgentRequest, CallEnd, Caller } from './caller.ts';
import { compileCalls } from './calls.ts';
import { DriverCaller } from './driver-caller.ts';
import { encodersOf } from './encoders.ts';

/** Those that make calls by agents with layers. */
const SUITES = [
  'cache-layer',
  'cache-listener',
  'credentials',
  'foreign-layers',
  'layers',
  'lost-session',
  'own-headers',
  'pages',
  'session',
  'subscription',
];

const { call } = Agent.prototype;
const { send } = DriverCaller.prototype;
let ended = 0;
let replies = 0;

/** Makes a call, and spoils what it consisted of before its end is known to whoever made it: a closed loop makes the next one there. */
function poisoned(this: Agent, arrival: Arrival, onEnd: (end: CallEnd) => void): undefined {
  const own = { ...arrival };
  let request: AgentRequest | undefined;
  const onAnswer = (end: CallEnd): void => {
    ended += 1;
    for (const part of [own, request]) spoil(part);
    // The suites keep it.
    onEnd({ ...end, ...(end.failed && { failed: { ...end.failed } }) });
  };
  request = call.call(this, own, onAnswer);
}

/** Sends a request, and spoils the reply once it was handed over. */
function sendPoisoned(this: DriverCaller, ...[request, onEnd, ...more]: Parameters<Caller['send']>): void {
  const onReply = (end: CallEnd): void => {
    replies += 1;
    const own = { ...end };
    onEnd(own);
    spoil(own);
  };
  send.call(this, request, onReply, ...more);
}

/** From now on, reading a field of `part` throws. */
function spoil(part: object = {}): void {
  for (const key of Object.keys(part)) {
    Object.defineProperty(part, key, {
      get() {
        throw new Error(`${key} was read too late`);
      },
    });
  }
}

beforeAll(() => {
  Agent.prototype.call = poisoned;
  DriverCaller.prototype.send = sendPoisoned;
});
afterAll(() => {
  Agent.prototype.call = call;
  DriverCaller.prototype.send = send;
});

/** An agent with one layer around an answer in the next turn. */
function agentWith(send: (request: AgentRequest, answer: () => void) => void): Agent {
  const caller = {
    send: (request: AgentRequest, onEnd: (end: CallEnd) => void) =>
      send(request, () => onEnd({ outcome: 'ok' } as CallEnd)),
  } as Caller;
  const calls = [{ name: 'x', method: 'tools/call', tool: 'x', weight: 1 }] as const;
  const encoderOf = encodersOf({ era: 'stateless', headers: {}, seed: 1 });
  return new Agent(caller, compileCalls({ calls, seed: 1, measureFromUs: 0, encoderOf }));
}

describe('a layer', () => {
  const arrival: Arrival = { seq: 7, dueUs: 0, agent: 0, call: 0 };
  const read = ({ arrival }: AgentRequest): number | undefined => arrival?.seq;

  it.each<[string, (request: AgentRequest) => unknown]>([
    ['the request', (request) => request.operation],
    ['the header fields', (request) => request.fields],
    ['the arrival', read],
    ['the encoded request', (request) => request.encode()],
  ])('that reads %s is found when it does so after the end, and not before', async (_, use) => {
    const found = await new Promise<readonly boolean[]>((resolve) => {
      const throws = (request: AgentRequest): boolean => {
        try {
          use(request);
          return false;
        } catch {
          return true;
        }
      };
      const agent = agentWith((request, answer) =>
        setImmediate(() => {
          const before = throws(request);
          answer();
          resolve([before, throws(request)]);
        }),
      );
      agent.call(arrival, () => undefined);
    });
    expect(found).toEqual([false, true]);
  });
});

describe.each(SUITES)('%s', async (name) => {
  // The query makes it another module than the one whose suites run by themselves.
  await import(/* @vite-ignore */ `./${name}.test.ts?poisoned`);
});

it('has spoiled the calls and the replies of the suites', () => {
  expect(ended).toBeGreaterThan(1000);
  expect(replies).toBeGreaterThan(1000);
});
