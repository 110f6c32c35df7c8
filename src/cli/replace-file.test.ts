import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../units/scratch.case.ts';
import { UserError } from '../units/user-error.ts';
import { replaceFile } from './replace-file.ts';

describe('a file that is replaced', () => {
  it('is there as soon as other code runs again, and nothing else', () => {
    const folder = scratch();
    const path = join(folder, 'result.json');
    for (const content of ['the first', 'the second, which is longer', 'the third']) {
      replaceFile(path, content);
      expect(readdirSync(folder)).toEqual(['result.json']);
      expect(readFileSync(path, 'utf8')).toBe(content);
    }
  });

  it('that cannot be replaced leaves no part of the new one', () => {
    const folder = scratch();
    const path = join(folder, 'result.json');
    mkdirSync(join(path, 'in the way'), { recursive: true });
    expect(() => replaceFile(path, 'text')).toThrow(UserError);
    expect(readdirSync(folder)).toEqual(['result.json']);
  });
});
