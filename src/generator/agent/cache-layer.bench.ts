/** @module The cost of a call that an agent's cache answers, and of reading the hints of a long list. Run with `npx vitest bench src/generator/agent/cache-layer`. */
import { bench, describe } from 'vitest';
import { ResponseCache } from '../../cache/response-cache.ts';
import { hintsOf, readCacheable } from '../../protocol/caching/hints.ts';

const HITS = 10_000;

describe(`${HITS} lookups`, () => {
  const cache = new ResponseCache<number>();
  const result = { isComplete: true, hints: hintsOf(86_400_000, 'private') };
  cache.keep('tools/list', '', { value: 1, result, stamp: 0 }, 0);
  let sum = 0;
  bench('hits', () => {
    for (let i = 0; i < HITS; i += 1) {
      const found = cache.find('tools/list', '', i);
      if (typeof found !== 'string') sum += found.value;
    }
  });
  bench('of a bare map', () => {
    for (let i = 0; i < HITS; i += 1) sum += bare.get('tools/list') ?? 0;
  });
  const bare = new Map([['tools/list', sum]]);
});

describe('an answer of 1 MB', () => {
  const tools = Array.from({ length: 1000 }, (_, i) => ({
    name: `tool_${i}`,
    description: 'What this tool does, and when to use it. '.repeat(12),
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(
        ['query', 'limit', 'cursor', 'region'].map((name) => [
          name,
          { type: 'string', description: 'One of the parameters of this tool.' },
        ]),
      ),
    },
  }));
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    result: { resultType: 'complete', tools, ttlMs: 5000, cacheScope: 'public' },
  });
  bench('hints read by skipping the rest', () => {
    readCacheable(body);
  });
  bench('hints read by JSON.parse', () => {
    JSON.parse(body);
  });
});
