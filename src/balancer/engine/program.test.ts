import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../units/user-error.ts';
import { startProgram } from './program.ts';

describe('a balancer program', () => {
  const rejections = [
    ['nginx', (file: string) => ['-e', 'stderr', '-c', file], /unknown directive "nonsense"/],
    ['haproxy', (file: string) => ['-db', '-f', file], /unknown keyword 'nonsense;'/],
  ] as const;
  for (const [name, args, words] of rejections)
    it(`${name} that rejects its configuration is quoted, and leaves no file`, { tags: [name] }, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'paceline-refused-'));
      const { TMPDIR } = process.env;
      process.env['TMPDIR'] = folder;
      const program = {
        name,
        configure: () => 'nonsense;\n',
        args: ({ file }: { readonly file: string }) => args(file),
        answers: async () => false,
        stats: async () => undefined,
        changes: () => ({ addUpstream: async () => {}, drain: async () => {} }),
      };
      const start = startProgram(program, { path: '/' });
      await expect(start).rejects.toThrow(UserError);
      await expect(start).rejects.toThrow(words);
      expect(readdirSync(folder)).toEqual([]);
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
      rmSync(folder, { recursive: true });
    });
});
