import { getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { collectNow } from '../engine/collection.ts';
import { ALL_PAGES, caching, callOf, readOf, result } from './cache-layer.case.ts';

/** Enough that what is left of other work is small beside them. */
const AGENTS = 1000;
/** 100,000 agents have to stay under 500 MB. */
const MOST_BYTES = 5000;

/** The heap in use, without what is left of earlier work. */
async function usedBytes(): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  collectNow('all');
  return getHeapStatistics().used_heap_size;
}

describe('agents with caches', () => {
  it(`take less than ${MOST_BYTES} bytes each with ten private entries of 20 kB`, async () => {
    const calls = [
      ALL_PAGES,
      ...(['prompts/list', 'resources/list', 'resources/templates/list', 'server/discover'] as const).map(
        callOf,
      ),
      ...['x://1', 'x://2', 'x://3', 'x://4'].map(readOf),
    ];
    const text = 'x'.repeat(20_000);
    let answers = 0;
    // The driver of the test keeps what was sent, so that each agent is measured beside it.
    const agents = caching({
      calls,
      answer: ({ cursor, method }) => {
        answers += 1;
        const next = method === 'tools/list' && cursor === undefined ? { nextCursor: 'page 2' } : {};
        return result(3_600_000, { text: `${answers} ${text}`, ...next }, 0);
      },
    });
    const sent = agents.driver.sent as unknown[];
    const before = await usedBytes();
    for (let agent = 0; agent < AGENTS; agent += 1) {
      for (const call of calls.keys()) await agents.call(call, agent);
      sent.length = 0;
    }
    expect(answers).toBe(AGENTS * 10);
    expect(((await usedBytes()) - before) / AGENTS).toBeLessThan(MOST_BYTES);
    expect((await agents.call(0, 0)).cached).toBe(true);
  });
});
