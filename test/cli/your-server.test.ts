import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { descendantsOf, gone } from '../../src/process/processes.case.ts';
import { profileFile, start } from './paceline.ts';

const SERVER = resolve(import.meta.dirname, '../../profiles/your-server.mjs');

const profile = profileFile(`
version: 1
load: { rate: 10/s }
calls: [{ list: tools }]
fleet: { server: { command: "node '${SERVER}' & wait" }, instances: 3 }
`);

describe('paceline fleet with a third-party server', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('leaves no process behind after %s', async (signal) => {
    const child = start('fleet', profile, '--json');
    await child.said('"instances"');
    const pids = descendantsOf(child.process.pid!);
    // Of each copy: its guard, the shell, and the server itself.
    expect(pids.length).toBeGreaterThanOrEqual(3 * 3);
    child.process.kill(signal);
    await child.ended;
    await gone(...pids);
  });
});
