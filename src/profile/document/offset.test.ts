/** @module The position of a problem within a text: of its word in the file, however YAML writes the text. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { problemsIn, withLines } from '../sample-profile.case.ts';

/** Where the one problem of these lines of a profile is. */
function positionIn(...lines: readonly string[]): string {
  const text = `${withLines()}${lines.join('\n')}\n`;
  const [problem = ''] = problemsIn(text);
  return problem.slice(0, problem.indexOf(' '));
}

describe('a problem within a threshold', () => {
  it.each<[string, readonly string[], string]>([
    ['a plain text in a block list', ['thresholds:', '  - p(99) < 50 parsecs'], 'p.yaml:6:13'],
    [
      'the second of several',
      ['thresholds:', '  - dropped == 0', '  - "rate > 5 for defalt"'],
      'p.yaml:7:13',
    ],
    ['double quotes', ['thresholds: ["latency < 5ms"]'], 'p.yaml:5:15'],
    ['single quotes', ["thresholds: ['error_rate{tool:a} < 1%']"], 'p.yaml:5:31'],
    ['an escape before it', ['thresholds: ["error_rate{call:\\"a\\"} < x"]'], 'p.yaml:5:40'],
    ['a doubled quote before it', ["thresholds: ['error_rate{call:''a} < x']"], 'p.yaml:5:38'],
    ['a folded text', ['thresholds:', '  - >-', '    p(99)', '    < soon'], 'p.yaml:8:7'],
    ['a literal text', ['thresholds:', '  - |', '    p(99) < soon'], 'p.yaml:7:13'],
    ['an escape that stands for another character', ['thresholds: ["p(99)\\x20< soon"]'], 'p.yaml:5:14'],
    ['a text whose end is missing', ['thresholds: ["p(99) <"]'], 'p.yaml:5:22'],
    ['an anchor', ['title: &a p99 < 5ms', 'thresholds: [*a]'], 'p.yaml:6:14'],
  ])('is at its word in %s', (_, lines, position) => {
    expect(positionIn(...lines)).toBe(position);
  });

  it('of a flag names the flag', () => {
    const [problem] = problemsIn(withLines('thresholds: [dropped == 0]'), {
      set: ['thresholds.0=p99 < 5ms'],
    });
    expect(problem).toMatch(/^--set .*thresholds\[0\]: unknown metric "p99"/);
  });

  it('has a line and a column of the file, whatever the text is', () => {
    return fc.assert(
      fc.property(fc.string({ minLength: 1 }), (threshold) => {
        const text = `${withLines()}${stringify({ thresholds: [threshold] })}`;
        for (const problem of problemsIn(text)) {
          const [, line, column] = /^p\.yaml:(\d+):(\d+) /.exec(problem)!;
          const written = text.split('\n')[Number(line) - 1];
          expect(Number(line)).toBeGreaterThanOrEqual(5);
          expect(Number(column)).toBeLessThanOrEqual(written!.length + 1);
        }
      }),
    );
  });
});
