import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scratch } from '../units/scratch.case.ts';
import { linesOf } from './lines.ts';

async function linesIn(text: string): Promise<readonly string[]> {
  const path = join(scratch(), 'log');
  writeFileSync(path, text);
  const lines: string[] = [];
  for await (const batch of linesOf(path)) lines.push(...batch);
  return lines;
}

describe('the lines of a log', () => {
  it('are those of its text, also without an end of the last one', async () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ' '));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.boolean(), async (lines, ended) => {
        const expected = ended || lines.at(-1) !== '' ? lines : lines.slice(0, -1);
        expect(await linesIn(lines.join('\n') + (ended ? '\n' : ''))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('are whole, however the file is read', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index} ${'é'.repeat(index % 40)}`);
    expect(await linesIn(lines.join('\n'))).toEqual(lines);
  });

  it('are cut when a file has none', async () => {
    const lines = await linesIn('x'.repeat(5_000_000));
    expect(lines.join('')).toHaveLength(5_000_000);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(1.5 * 1024 * 1024);
  });
});
