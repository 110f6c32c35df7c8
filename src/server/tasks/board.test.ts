import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { LmdbStore } from '../../state/lmdb-store.ts';
import { MemoryStore } from '../../state/memory-store.ts';
import { type RedisServer, startRedis } from '../../state/redis-server.ts';
import { openRedisStore } from '../../state/redis-store.ts';
import { scratch } from '../../units/scratch.case.ts';
import { describeBoard } from './board.case.ts';

describeBoard('memory', async (clock) => {
  const store = new MemoryStore(clock);
  return async () => store;
});

const parent = scratch();

describeBoard('lmdb', async (clock) => {
  const folder = mkdtempSync(join(parent, 'tasks-'));
  return async () => new LmdbStore(folder, clock);
});

let server: RedisServer | undefined;
afterAll(() => server?.stop());

describeBoard('redis', async () => {
  server ??= await startRedis();
  const { socket } = server;
  // Its time is that of the server, of which less passes than on the clock of the boards. Ids are random, so nothing has to be removed.
  return () => openRedisStore(socket);
}, ['redis']);
