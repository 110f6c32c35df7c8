import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Classified } from '../../protocol/classify.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import type { Reply } from '../driver.ts';
import { bare } from '../raw-server.case.ts';
import { Pool, type PoolConnection, type PoolEvents, type PooledCall } from './pool.ts';

const OK: Classified = { outcome: 'ok', detail: undefined };
const REFUSED: Classified = { outcome: 'refused', detail: 'refused' };

/** A connection whose opening and answers the test decides. */
class Scripted implements PoolConnection {
  listed = false;
  readonly joinsRequests = false;
  readonly #events: PoolEvents;
  readonly #clock: VirtualClock;
  state: 'closed' | 'opening' | 'open' = 'closed';
  call: PooledCall | undefined = undefined;

  constructor(events: PoolEvents, clock: VirtualClock) {
    this.#events = events;
    this.#clock = clock;
  }

  hasRoom = (): boolean => this.call === undefined;
  isOpen = (): boolean => this.state === 'open';
  progress = (): 'waiting' => 'waiting';
  stopOpening = (): void => undefined;

  take(call: PooledCall): void {
    this.call = call;
    call.connection = this;
    if (this.state === 'open') call.sentUs = this.#clock.now();
    else this.state = 'opening';
  }

  handBack(): PooledCall | undefined {
    if (this.state === 'open') return undefined;
    const { call } = this;
    this.call = undefined;
    return call;
  }

  drop(call: PooledCall, classified: Classified, nowUs: number): Reply {
    this.call = undefined;
    this.state = 'closed';
    return call.reply(classified, nowUs, undefined, undefined);
  }

  abandon(classified: Classified, nowUs: number, onDropped: (call: PooledCall, reply: Reply) => void): void {
    const { call } = this;
    if (call !== undefined) onDropped(call, this.drop(call, classified, nowUs));
  }

  warm(onSettled: () => void): void {
    this.opens();
    onSettled();
  }

  opens(): void {
    this.state = 'open';
    if (this.call === undefined) this.#events.roomier(this);
    else this.call.sentUs = this.#clock.now();
  }

  failsToOpen(): void {
    this.state = 'closed';
    if (this.call === undefined) this.#events.roomier(this);
    else this.#ends(REFUSED);
  }

  answers(closes = false): void {
    if (closes) this.state = 'closed';
    this.#ends(OK);
  }

  #ends(classified: Classified): void {
    const call = this.call!;
    this.call = undefined;
    this.#events.finished(this, call, call.reply(classified, this.#clock.now(), undefined, undefined));
  }
}

async function poolOf(connections: number, maxConnections: number) {
  const clock = new VirtualClock();
  const made: Scripted[] = [];
  const replies: [call: number, outcome: string, waitedUs: number][] = [];
  const pool = new Pool({ clock, timeoutUs: 60e6, connections, maxConnections }, (events) => {
    const connection = new Scripted(events, clock);
    made.push(connection);
    return connection;
  });
  await pool.warm();
  let sent = 0;
  const send = (): void => {
    const call = sent;
    sent += 1;
    const onReply = ({ outcome, connectionWaitUs }: Reply): void =>
      void replies.push([call, outcome, connectionWaitUs!]);
    pool.send(bare('GET'), onReply, false);
  };
  return { clock, made, pool, replies, send };
}

describe('a pool that grows', () => {
  it('sends a call over whichever connection is free first', async () => {
    const { clock, made, pool, replies, send } = await poolOf(1, 9);
    send();
    send();
    expect(made.map(({ state }) => state)).toEqual(['open', 'opening']);
    clock.advance(500);
    made[0]!.answers();
    made[0]!.answers();
    expect(replies).toEqual([
      [0, 'ok', 0],
      [1, 'ok', 500],
    ]);
    expect(pool.size).toBe(2);
    pool.close();
  });

  it('hands what it opened in vain to the next call that finds no other, and otherwise to the one after that', async () => {
    const { made, pool, send } = await poolOf(1, 9);
    send();
    send();
    made[0]!.answers();
    send();
    expect([pool.size, made[1]!.call !== undefined]).toEqual([2, true]);
    made[0]!.answers();
    // The third call has left it, too.
    expect(made[1]!.call).toBeUndefined();
    made[1]!.opens();
    send();
    expect([pool.size, made[1]!.call?.sentUs]).toEqual([2, 0]);
    pool.close();
  });

  it('moves no call to a connection that would have to be opened for it', async () => {
    const { made, pool, replies, send } = await poolOf(1, 9);
    send();
    send();
    made[0]!.answers(true);
    expect(made[1]!.call).toBeDefined();
    made[1]!.opens();
    made[1]!.answers();
    expect(replies.map(([, outcome]) => outcome)).toEqual(['ok', 'ok']);
    pool.close();
  });

  it('goes on with a connection that could not be opened when no call needed it', async () => {
    const { made, pool, replies, send } = await poolOf(1, 2);
    send();
    send();
    made[0]!.answers();
    made[1]!.failsToOpen();
    expect(replies.map(([, outcome]) => outcome)).toEqual(['ok']);
    send();
    expect([pool.size, made[1]!.state]).toEqual([2, 'opening']);
    pool.close();
  });

  it('answers every call once, and opens no more connections than calls were in flight', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('send' as const) },
      { weight: 5, arbitrary: fc.tuple(fc.constantFrom('opens', 'fails', 'answers', 'closes'), fc.nat(9)) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 120 }),
        fc.integer({ min: 1, max: 6 }),
        async (steps, limit) => {
          const { made, pool, replies, send } = await poolOf(1, limit);
          let [sent, most] = [0, 1];
          const settle = (connection: Scripted, what: string): void => {
            if (connection.state === 'opening')
              what === 'fails' ? connection.failsToOpen() : connection.opens();
            else if (connection.call !== undefined) connection.answers(what === 'closes');
          };
          for (const each of steps) {
            if (each === 'send') {
              send();
              sent += 1;
              most = Math.max(most, sent - replies.length);
            } else settle(made[each[1] % made.length]!, each[0]);
          }
          expect(pool.size).toBeLessThanOrEqual(Math.min(limit, most));
          for (let left = 2 * sent + 2 * limit; left > 0 && replies.length < sent; left -= 1)
            for (const connection of made) settle(connection, 'opens');
          expect(replies.map(([call]) => call).sort((a, b) => a - b)).toEqual(
            Array.from({ length: sent }, (_, call) => call),
          );
          pool.close();
        },
      ),
    );
  });
});
