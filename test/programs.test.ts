import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missedLines } from './missed.ts';
import { fileOf, installation, PROGRAMS, packagesOf } from './programs.ts';

describe('the programs that tests run', () => {
  // Elsewhere the tests that need a program are skipped without it. CI proves all.
  it.runIf(process.env['CI']).each(PROGRAMS.map((name) => ({ name })))(
    'in CI: $name is installed',
    ({ name }) => {
      expect(fileOf(name), `${name} is not installed: ${installation([name])}`).toBeDefined();
    },
  );

  it('are all installed by .ci/run', () => {
    const script = readFileSync(resolve(import.meta.dirname, '../.ci/run'), 'utf8');
    expect(script).toContain(`packages=(${packagesOf(PROGRAMS).join(' ')})\n`);
  });
});

describe('the end of a run', () => {
  const skipped = [
    { group: 'a.test.ts: engine nginx', tags: ['nginx'] },
    { group: 'a.test.ts: engine nginx', tags: ['nginx'] },
    { group: 'b.test.ts: nginx -t', tags: ['nginx'] },
    { group: 'c.test.ts: the page', tags: ['chromium'] },
    { group: 'd.test.ts: skipped for another reason', tags: [] },
  ];

  it('names what was skipped without a program, and says in one line how to install it', () => {
    expect(missedLines(skipped, () => true)).toEqual([
      'skipped without nginx: a.test.ts: engine nginx (2)',
      'skipped without nginx: b.test.ts: nginx -t (1)',
      'skipped without chromium: c.test.ts: the page (1)',
      'not installed: nginx (3 tests skipped), chromium (1 tests skipped); to run these tests: apt-get install nginx chromium',
    ]);
  });

  it('says nothing of programs that are installed, nor of those that no test missed', () => {
    expect(missedLines(skipped, () => false)).toEqual([]);
    expect(missedLines(skipped, (program) => program === 'haproxy')).toEqual([]);
  });
});
