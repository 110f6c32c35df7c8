/** @module A store in Redis or Valkey, which all processes that reach its socket share. */
import { Redis } from 'ioredis';
import type { Millis } from '../units/time.ts';
import type { Store } from './store.ts';

/**
 * Compare and set, in one step of the server. KEYS[1]; ARGV: the new value, its lifetime in milliseconds, and the expected value; without
 * that, there may be none.
 */
const REPLACE = `
local found = redis.call('GET', KEYS[1])
if found ~= (ARGV[3] or false) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** A connection that knows the command above. */
interface Connection extends Redis {
  replaceValue(key: string, ...args: readonly (string | number)[]): Promise<number>;
}

/** A store in the server that listens on `socket`. Rejects when that does not answer. */
export async function openRedisStore(socket: string): Promise<Store> {
  const redis = new Redis({
    path: socket,
    lazyConnect: true,
    // A request fails with its connection. The next one finds a new connection, or fails in turn.
    maxRetriesPerRequest: 0,
    scripts: { replaceValue: { lua: REPLACE, numberOfKeys: 1 } },
  }) as Connection;
  // Requests report what is wrong; without a listener it would be printed, too.
  redis.on('error', () => {});
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return storeOf(redis);
}

function storeOf(redis: Connection): Store {
  return {
    get: async (key) => (await redis.get(key)) ?? undefined,
    async set(key, value, ttlMs) {
      await redis.set(key, value, 'PX', wholeMs(ttlMs));
    },
    async replace(key, expected, value, ttlMs) {
      const more = expected === undefined ? [] : [expected];
      return (await redis.replaceValue(key, value, wholeMs(ttlMs), ...more)) === 1;
    },
    remove: async (key) => (await redis.del(key)) === 1,
    close: async () => redis.disconnect(),
  };
}

/** Redis takes whole milliseconds, from 1. */
const wholeMs = (ttlMs: Millis): Millis => Math.max(1, Math.round(ttlMs));
