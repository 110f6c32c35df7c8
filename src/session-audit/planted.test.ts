import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import {
  auditPlanted,
  foundBy,
  PLANTED,
  type PlantedCopies,
  SERVER,
  startPlanted,
  TWO,
} from './planted.case.ts';

// Every check over 20 seeds: npm run bench -- session-audit.
const SEEDS_OF_HEALTHY = [1, 2];
const TIMEOUT = 60_000;

let copies: PlantedCopies | undefined;
afterEach(async () => {
  await copies?.stop();
  copies = undefined;
});

describe('an audit of copies', () => {
  it.each(Object.entries(PLANTED))(
    'with the fault %s finds %j and nothing else',
    async (fault, checks) => {
      copies = await startPlanted(fault, TWO);
      const audit = await auditPlanted(copies, 1);
      expect(audit.ended).toBeNull();
      expect(foundBy(audit)).toEqual(checks);
    },
    TIMEOUT,
  );

  it('that are healthy finds nothing, with any seed, and makes every check of the era', async () => {
    copies = await startPlanted(undefined);
    for (const seed of SEEDS_OF_HEALTHY) {
      const audit = await auditPlanted(copies, seed);
      expect(audit.findings).toEqual([]);
      expect(audit.checks.filter(({ status }) => status !== 'clean').map(({ name }) => name)).toEqual([
        'needs-session',
      ]);
      expect(audit.tools.filter(({ notCalled }) => notCalled !== null)).toEqual([
        { name: 'delete_everything', notCalled: 'destructive', steps: [] },
      ]);
    }
  }, 180_000);
});

describe('the server with planted faults', () => {
  it('has the faults of the table', () => {
    const { status, stderr } = spawnSync(process.execPath, [SERVER, '--fault', '?'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr.trim().split('one of ')[1]?.split(', ')).toEqual(Object.keys(PLANTED));
  });

  it.each(['KEY', 'PORT'])('does not start without %s', (missing) => {
    const env = { ...process.env, KEY: 'k', PORT: '1', [missing]: '' };
    const { status, stderr } = spawnSync(process.execPath, [SERVER], { encoding: 'utf8', env });
    expect([status, stderr]).toEqual([1, 'the variables KEY and PORT must be set\n']);
  });
});
