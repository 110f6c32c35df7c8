import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { Subscriptions } from './subscriptions.ts';

const KEEP_ALIVE = 15e6;

function open() {
  const clock = new VirtualClock();
  const subscriptions = new Subscriptions((delay, wake) => clock.at(clock.now() + delay, wake));
  const listen = (notifications: object) => {
    const written: string[] = [];
    const stream = subscriptions.stream(1, { notifications }, '');
    const leave = stream!.begin({
      write: (text) => written.push(text),
      end: async (text) => {
        written.push(text);
      },
    });
    return { written, leave };
  };
  return { clock, subscriptions, listen };
}

const COMMENT = 'd\r\n: keepalive\n\n\r\n';

describe('streams of a lean instance', () => {
  it('are kept alive every 15 s, as long as one is open', () => {
    const { clock, listen } = open();
    const one = listen({ toolsListChanged: true });
    clock.advance(KEEP_ALIVE - 1);
    expect(one.written).toEqual([]);
    clock.advance(1);
    expect(one.written).toEqual([COMMENT]);
    one.leave();
    clock.advance(10 * KEEP_ALIVE);
    expect(one.written).toEqual([COMMENT]);
    const two = listen({ toolsListChanged: true });
    clock.advance(2 * KEEP_ALIVE);
    expect(two.written).toEqual([COMMENT, COMMENT]);
  });

  it('are told of nothing once they are closed', () => {
    const { subscriptions, listen } = open();
    const [stays, leaves] = [listen({ toolsListChanged: true }), listen({ toolsListChanged: true })];
    leaves.leave();
    subscriptions.tell('tools');
    expect([stays.written.length, leaves.written.length]).toEqual([1, 0]);
  });

  it('end once, with a result and the end of the body', async () => {
    const { clock, subscriptions, listen } = open();
    const one = listen({ resourceSubscriptions: ['a'] });
    await subscriptions.end();
    await subscriptions.end();
    clock.advance(2 * KEEP_ALIVE);
    expect(one.written).toHaveLength(1);
    expect(one.written[0]).toMatch(/"id":1,"result":\{"resultType":"complete".*\n\n\r\n0\r\n\r\n$/s);
  });
});
