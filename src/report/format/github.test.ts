import { describe, expect, it } from 'vitest';
import type { ResultDocument, Verdict } from '../../result/document.ts';
import { modelOf } from '../model.ts';
import { demo, hostile } from '../sample-document.case.ts';
import { github } from './github.ts';
import { annotationLine } from './github-annotation.ts';
import { whole } from './rendered.ts';

const linesOf = async (document: ResultDocument): Promise<readonly string[]> =>
  String(whole((await github(modelOf(document))).files[0]!.content))
    .trimEnd()
    .split('\n');

const judged = (verdict: Verdict): ResultDocument => ({ ...demo(), verdict });

describe('an annotation', () => {
  it('is one command, whatever its texts hold', () => {
    const text = 'a, b: 100 %\n::set-output name=x::y';
    const line = annotationLine({ level: 'error', title: text, message: text });
    expect(line).toBe(
      '::error title=a%2C b%3A 100 %25 %3A%3Aset-output name=x%3A%3Ay::a, b: 100 %25 ::set-output name=x::y',
    );
  });
});

describe('the annotations of a result', () => {
  it('are an error for what failed, and a warning for what cannot be told', async () => {
    const lines = await linesOf(
      judged({
        status: 'fail',
        reasons: ['p99 is too high', 'too few calls for p99.9'],
        checks: [
          { variant: '', threshold: 'p(99) < 1ms', status: 'fail', reason: 'p99 is too high' },
          {
            variant: '',
            threshold: 'p(99.9) < 1ms',
            status: 'inconclusive',
            reason: 'too few calls for p99.9',
          },
        ],
      }),
    );
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^::error title=Paceline%3A .*fail::p99 is too high$/);
    expect(lines[1]).toMatch(/^::warning title=.*::too few calls for p99\.9$/);
  });

  it('are a notice when nothing failed', async () => {
    expect(await linesOf(demo())).toEqual([expect.stringMatching(/^::notice title=[^:]*::none/)]);
  });

  it('are one command a line, whatever the names', async () => {
    for (const line of await linesOf(hostile()))
      expect(line).toMatch(/^::(error|warning|notice) title=[^:]*::/);
  });
});
