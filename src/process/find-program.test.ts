import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../units/scratch.case.ts';
import { findProgram } from './find-program.ts';

describe('a program', () => {
  const [first, second] = [scratch(), scratch()];
  const file = join(second, 'server');
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });

  it('is found in the first folder of PATH that has it', () => {
    expect(findProgram('server', `/nowhere:${first}:${second}`)).toBe(file);
    expect(findProgram('sh', '/nowhere:/bin')).toBe('/bin/sh');
  });

  it('is found where Debian keeps servers, whatever PATH says', () => {
    expect(findProgram('chroot', '/nowhere')).toBe('/usr/sbin/chroot');
  });

  it('is found by its own path', () => {
    expect(findProgram(file, '')).toBe(file);
    expect(findProgram(join(first, 'server'), second)).toBeUndefined();
  });

  it('is not a file that cannot be executed, and not what is not there', () => {
    const plain = join(first, 'plain');
    writeFileSync(plain, '', { mode: 0o644 });
    expect(findProgram('plain', first)).toBeUndefined();
    expect(findProgram('no-such-program', `${first}:`)).toBeUndefined();
  });
});
