import { describe, expect, it } from 'vitest';
import { type SimulatedDriver, simulatedDriver } from '../../driver/simulated.case.ts';
import { ERAS, type Era } from '../../profile/kinds.ts';
import type { UserHeaders } from '../../profile/template/header-text.ts';
import type { Request } from '../../protocol/request.ts';
import { UserError } from '../../units/user-error.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { type Agents, createAgents } from './agents.ts';

function bench(
  era: Era,
  headers: UserHeaders,
): { clock: VirtualClock; driver: SimulatedDriver; agents: Agents } {
  const clock = new VirtualClock();
  let opened = 0;
  const driver = simulatedDriver(clock, ({ body }) => {
    if (!body.includes('"initialize"')) return { takesUs: 1000, servedBy: '1' };
    opened += 1;
    const serverInfo = { name: 'x', version: '1' };
    const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo };
    return { takesUs: 1000, servedBy: '1', sessionId: `s${opened}`, body: JSON.stringify({ result }) };
  });
  const calls = [{ name: 'tools/list', method: 'tools/list', weight: 1 }] as const;
  const agents = createAgents({
    era,
    calls,
    seed: 1,
    driver,
    headers,
    timeoutUs: 5e6,
    now: () => clock.now(),
    measureFromUs: 0,
  });
  return { clock, driver, agents };
}

const valuesOf = ({ head }: Request, name: string): readonly string[] =>
  head.headers.filter((_, at) => at % 2 === 1 && head.headers[at - 1] === name);

describe.each(ERAS)('headers that differ from agent to agent (%s)', (era) => {
  it('are in every request of their agent, and those of all agents are too', async () => {
    const { clock, driver, agents } = bench(era, {
      Authorization: 'Bearer user-{{agent}}',
      'X-Key': ['a', 'b'],
      'X-All': 'same \\{{',
    });
    for (const agent of [0, 1, 2]) {
      agents.of(agent).call({ seq: agent, dueUs: 0, agent, call: 0 }, () => undefined);
      await clock.run();
    }
    await Promise.all([agents.close(), clock.run()]);
    const requests = [...driver.sent, ...driver.streams].map(({ request }) => request);
    const kinds = era === 'stateless' ? 1 : 5;
    expect(requests).toHaveLength(3 * kinds);
    for (const agent of [0, 1, 2]) {
      const own = requests.filter((one) => valuesOf(one, 'Authorization').join() === `Bearer user-${agent}`);
      expect(own).toHaveLength(kinds);
      for (const one of own) {
        expect(valuesOf(one, 'X-Key')).toEqual([['a', 'b', 'a'][agent]]);
        expect(valuesOf(one, 'X-All')).toEqual(['same {{']);
        expect(one.head.text).toContain(`Authorization: Bearer user-${agent}\r\n`);
      }
    }
  });

  it('that are not legal are refused before the load, whichever agent has them', () => {
    expect(() => bench(era, { 'X-Key': ['a', 'b\nc'] })).toThrow(UserError);
    expect(() => bench(era, { Connection: 'close-{{agent}}' })).toThrow('Paceline sets this header itself');
  });
});
