import { afterAll, describe, expect, it } from 'vitest';
import { after } from '../units/clock.ts';
import { installedRedis, type RedisServer, startRedis } from './redis-server.ts';
import { openRedisStore } from './redis-store.ts';
import { describeStore } from './store.case.ts';

let server: RedisServer | undefined;
afterAll(() => server?.stop());

/** Removes everything, so that each test begins with an empty store. */
const flush = async (path: string): Promise<void> => {
  const { Redis } = await import('ioredis');
  const redis = new Redis({ path });
  await redis.flushall();
  redis.disconnect();
};

describeStore('redis', async () => {
  server ??= await startRedis();
  await flush(server.socket);
  return {
    store: await openRedisStore(server.socket),
    // Its time is that of the server.
    pass: (ms) => new Promise((resolve) => after(ms * 1000, resolve)),
  };
}, ['redis']);

describe('the redis server', () => {
  it('is missed in words that say how to install it', () => {
    expect(() => installedRedis('/nowhere')).toThrow('apt-get install redis-server');
  });

  it('leaves requests that fail when it has ended, and nothing else', { tags: ['redis'] }, async () => {
    const other = await startRedis();
    const store = await openRedisStore(other.socket);
    await store.set('a', '1', 60_000);
    await other.stop();
    await expect(store.get('a')).rejects.toThrow();
    await store.close();
    await expect(openRedisStore(other.socket)).rejects.toThrow();
  });
});
