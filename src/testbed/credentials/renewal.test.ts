import { describe, expect, it } from 'vitest';
import type { IssuedToken } from '../../credentials/issued-token.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { Renewal } from './renewal.ts';

const AGENTS = [0, 1, 2, 3];
const LIFETIME_MS = 100_000;

/** A renewal in virtual time, with the times at which each agent was renewed. `fails`: until when a renewal fails. */
function renewing({ lifetimeMs = LIFETIME_MS, fails = 0, without = [] as readonly number[] } = {}) {
  const clock = new VirtualClock();
  const now = (): number => clock.now() / 1000;
  const fresh = (): IssuedToken => ({ value: `t${now()}`, expiresAtEpochMs: now() + lifetimeMs });
  const tokens = new Map(AGENTS.map((agent) => [agent, without.includes(agent) ? null : fresh()]));
  const renewed = new Map<number, number[]>(AGENTS.map((agent) => [agent, []]));
  const renewal: Renewal = new Renewal({
    tokenOf: (agent) => tokens.get(agent) ?? null,
    async renew(agents) {
      if (now() < fails) throw new Error('no token today');
      for (const agent of agents) {
        tokens.set(agent, fresh());
        renewed.get(agent)!.push(now());
      }
      renewal.schedule(agents);
    },
    after: (delay, wake) => clock.at(clock.now() + delay, wake),
    now,
  });
  const passMs = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 250) {
      clock.advance(250_000);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };
  return { renewal, passMs, timesOf: (agent: number) => renewed.get(agent)! };
}

describe('tokens', () => {
  it('are renewed in the last part of their lifetime, spread over it', async () => {
    const { renewal, passMs, timesOf } = renewing();
    renewal.start(AGENTS);
    await passMs(59_000);
    expect(AGENTS.map((agent) => timesOf(agent).length)).toEqual([0, 0, 0, 0]);
    await passMs(22_000);
    const times = AGENTS.flatMap(timesOf);
    expect(times.every((at) => at >= 60_000 && at <= 80_500)).toBe(true);
    expect(new Set(times).size).toBe(4);
  });

  it('of a long lifetime are renewed in its last minute', async () => {
    const { renewal, passMs, timesOf } = renewing({ lifetimeMs: 300_000 });
    renewal.start(AGENTS);
    await passMs(239_000);
    expect(AGENTS.flatMap(timesOf)).toEqual([]);
    await passMs(32_000);
    expect(AGENTS.map((agent) => timesOf(agent).length)).toEqual([1, 1, 1, 1]);
  });

  it('are renewed again and again', async () => {
    const { renewal, passMs, timesOf } = renewing();
    renewal.start(AGENTS);
    await passMs(500_000);
    for (const agent of AGENTS) {
      const gaps = timesOf(agent).map((at, index, all) => at - (all[index - 1] ?? 0));
      expect(gaps.length).toBeGreaterThanOrEqual(5);
      expect(gaps.every((gap) => gap < LIFETIME_MS)).toBe(true);
    }
  });

  it('that an agent does not have, or has no more, are not renewed', async () => {
    const { renewal, passMs, timesOf } = renewing({ without: [1] });
    renewal.start(AGENTS);
    renewal.forget([2]);
    await passMs(100_000);
    expect(AGENTS.map((agent) => timesOf(agent).length)).toEqual([1, 0, 0, 1]);
  });

  it('are asked for again after a failure, which is told', async () => {
    const { renewal, passMs, timesOf } = renewing({ fails: 90_000 });
    renewal.start(AGENTS);
    await passMs(85_000);
    expect(renewal.failure()).toBe('no token today');
    expect(AGENTS.flatMap(timesOf)).toEqual([]);
    await passMs(7_000);
    expect(AGENTS.map((agent) => timesOf(agent).length)).toEqual([1, 1, 1, 1]);
  });

  it('are not renewed after the end', async () => {
    const { renewal, passMs, timesOf } = renewing();
    renewal.start(AGENTS);
    await renewal.stop();
    await passMs(100_000);
    expect(AGENTS.flatMap(timesOf)).toEqual([]);
    expect(renewal.failure()).toBe(null);
  });
});
