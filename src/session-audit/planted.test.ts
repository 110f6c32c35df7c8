import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { auditPlanted, PLANTED, type PlantedCopies, SERVER, startPlanted, TWO } from './planted.case.ts';

// Each fault alone, and every check over 20 seeds: npm run bench -- session-audit.
const SEEDS_OF_HEALTHY = [1, 2];

/** Faults that one server can have at once, since no check finds two of them; and the subjects of what is found. */
const AT_ONCE: readonly Readonly<Record<string, readonly string[]>>[] = [
  {
    'session-needed': ['project_status'],
    'tools-differ-by-instance': ['tools/list'],
    'request-state-own-key': ['book_table'],
    'cookie-set': ['tools/list'],
  },
  {
    'session-needed-on-instance': ['project_status'],
    'prompts-differ-by-instance': ['prompts/list'],
    'stolen-handle-accepted': ['read_search'],
    'roots-used': ['book_table'],
  },
  {
    'handle-in-memory': ['read_search', 'add_to_basket', 'read_basket'],
    'list-differs-by-connection': ['tools/list'],
    'authorization-differs-by-instance': ['resources/read'],
    'logging-used': ['server/discover'],
  },
  {
    'resource-in-memory': ['make_report'],
    'resources-differ-by-instance': ['resources/list'],
    'rc-codes': ['tools/list', 'book_table'],
  },
  {
    'task-in-memory': ['add_slowly'],
    'cursor-of-instance': ['resources/list'],
    'result-differs-by-instance': ['quote_price'],
    'sampling-used': ['book_table'],
    'resource-not-found-code': ['resources/read'],
  },
  {
    'list-depends-on-earlier-calls': ['tools/list'],
    'header-mismatch-accepted': ['tools/list', 'server/discover', 'open_project'],
    'session-id-minted': ['tools/list'],
    'url-elicitation-code': ['book_table'],
  },
];
const TIMEOUT = 60_000;

let copies: PlantedCopies | undefined;
afterEach(async () => {
  await copies?.stop();
  copies = undefined;
});

describe('an audit of copies', () => {
  it.each(AT_ONCE.map((group) => [Object.keys(group), group] as const))(
    'with the faults %j finds these and nothing else',
    async (faults, group) => {
      copies = await startPlanted(faults, TWO);
      const audit = await auditPlanted(copies, 1);
      expect(audit.ended).toBeNull();
      const expected = Object.entries(group).flatMap(([fault, subjects]) =>
        PLANTED[fault]!.flatMap((check) => subjects.map((subject) => `${check}: ${subject}`)),
      );
      const found = audit.findings.map(({ check, subject }) => `${check}: ${subject}`);
      expect(found.toSorted()).toEqual(expected.toSorted());
    },
    TIMEOUT,
  );

  it('finds each fault of the table', () => {
    expect(AT_ONCE.flatMap((group) => Object.keys(group)).toSorted()).toEqual(
      Object.keys(PLANTED).toSorted(),
    );
  });

  it('that are healthy finds nothing, with any seed, and makes every check of the era', async () => {
    copies = await startPlanted([]);
    for (const seed of SEEDS_OF_HEALTHY) {
      const audit = await auditPlanted(copies, seed);
      expect(audit.findings).toEqual([]);
      // What is alike at first is not asked again: with every question repeated there are about 800.
      expect(audit.requests).toBeLessThan(600);
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
