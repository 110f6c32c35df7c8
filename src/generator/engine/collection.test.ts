import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { compiledModule } from '../../units/compiled.ts';

const COLLECTS = `
  const { workerData } = require('node:worker_threads');
  import(workerData).then(({ collectNow }) => {
    for (let i = 0; i < 100; i += 1) collectNow('all');
  });
`;

/** Resolves with the exit code of a thread that collects its garbage many times. */
function collecting(module: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(COLLECTS, { eval: true, workerData: module });
    worker.once('error', reject);
    worker.once('exit', resolve);
  });
}

describe('collecting garbage now', () => {
  it('works in several threads at the same time, which share the flags of V8', async () => {
    const module = compiledModule(import.meta.url, './collection').href;
    expect(await Promise.all([1, 2, 3, 4].map(() => collecting(module)))).toEqual([0, 0, 0, 0]);
  });
});
