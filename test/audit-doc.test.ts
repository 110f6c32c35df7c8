/** @module Keeps the table of checks in docs/audit.md true; `npx vitest run test/audit-doc.test.ts -u` writes it again. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKS } from '../src/session-audit/checks/checks.ts';

const PAGE = '../docs/audit.md';
const TABLE = /(?<=<!-- checks -->\n)[\s\S]*(?=<!-- end of checks -->)/;

function table(): string {
  const rows = CHECKS.map(
    ({ name, severity, title, fix }) => `| \`${name}\` | ${severity} | ${title} | ${fix} |`,
  );
  return [
    '',
    '| check | severity | what it finds | fix |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '',
  ].join('\n');
}

it('docs/audit.md lists every check', async () => {
  const text = readFileSync(resolve(import.meta.dirname, PAGE), 'utf8');
  await expect(text.replace(TABLE, () => table())).toMatchFileSnapshot(PAGE);
});

it('each check has a name of its own', () => {
  const names = CHECKS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
