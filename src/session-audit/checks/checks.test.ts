import { expect, it } from 'vitest';
import { PLANTED } from '../planted.case.ts';
import { CHECKS } from './checks.ts';

/** The check that audited.case.ts plants for: the planted server has no sessions. */
const OF_SESSIONS = ['needs-session'];

it('are all shown to find a planted fault', () => {
  const shown = new Set([...Object.values(PLANTED).flat(), ...OF_SESSIONS]);
  expect(CHECKS.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
});

it('have names that differ, and say what to do', () => {
  expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length);
  for (const { name, title, fix } of CHECKS) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect([title, fix].every((text) => text.length > 20 && !text.endsWith('.'))).toBe(true);
  }
});

it('are in docs/audit-faults.md, with the faults that they find', async () => {
  const faultsOf = (check: string): string =>
    Object.entries(PLANTED)
      .filter(([, checks]) => checks.includes(check))
      .map(([fault]) => `\`${fault}\``)
      .join(', ') || '–';
  const lines = [
    '# Planted faults of the audit',
    '',
    '`profiles/planted-server.mjs` is a server of the stateless era with faults that can be switched on. Without one it is healthy: what it gives out holds its',
    'own data, signed with a key of all copies. Its results differ from call to call without any fault: times, random ids, counters, values that change every',
    'quarter of a second, and lifetimes that count down. Each fault is found by the check beside it and by no other, and the healthy server by none. The tests',
    'audit each fault; `npm run bench -- session-audit` audits each with 20 seeds. This page is written by',
    '`npx vitest run src/session-audit/checks/checks.test.ts -u`.',
    '',
    '| check | planted faults that it finds |',
    '| --- | --- |',
    ...CHECKS.map(({ name }) => `| \`${name}\` | ${faultsOf(name)} |`),
    '',
    '`needs-session` belongs to the sessions era; simulated copies show that it finds its fault. Audit one of the faults, or the healthy server:',
    '',
    '```sh',
    'paceline audit profiles/audit-planted.yaml --variant handle-in-memory',
    'paceline audit profiles/audit-planted.yaml --variant healthy',
    '```',
    '',
  ];
  await expect(lines.join('\n')).toMatchFileSnapshot('../../../docs/audit-faults.md');
});
