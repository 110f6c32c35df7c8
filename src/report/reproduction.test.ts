import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ResultDocument } from '../result/document.ts';
import { page } from './format/html/page.ts';
import { modelOf } from './model.ts';
import { reproductionOf } from './reproduction.ts';
import { demo, HOSTILE, hostile, judged } from './sample-document.case.ts';

const of = (document: ResultDocument) => reproductionOf(modelOf(document));

describe('how to run a result again', () => {
  it('is its command line, and one for the profile in the result', () => {
    expect(of(judged())).toMatchObject({
      given: "paceline run load/nightly.yaml --header 'Authorization: (not recorded)' --seed 1",
      again: 'paceline run nightly.yaml --seed 1',
      file: 'nightly.yaml',
      isMasked: true,
    });
    expect(parse(of(judged()).profile)).toEqual(judged().profile);
  });

  it('needs no command line, which older results do not have', () => {
    expect(of({ ...demo(), seed: 7 })).toMatchObject({
      given: undefined,
      again: 'paceline run profile.yaml --seed 7',
      isMasked: false,
    });
  });

  it.each([
    { args: ['run', "it's.yaml"], line: "paceline run 'it'\\''s.yaml'" },
    {
      args: ['run', 'a b.yaml', '--set', 'calls=[{ list: tools }]'],
      line: "paceline run 'a b.yaml' --set 'calls=[{ list: tools }]'",
    },
    { args: ['run', '$(rm x)', ''], line: "paceline run '$(rm x)' ''" },
  ])('quotes arguments for a shell: $line', ({ args, line }) => {
    expect(of({ ...demo(), command: args }).given).toBe(line);
  });

  it('is on the page: command line, profile with its indentation, seed and version', async () => {
    const html = await page(modelOf(judged()));
    expect(html).toContain('<h2>Reproduce this run</h2>');
    expect(html).toContain(
      'paceline run load/nightly.yaml --header &#39;Authorization: (not recorded)&#39; --seed 1</pre>',
    );
    expect(html).toContain('target:\n  headers:\n    Authorization: (not recorded)');
    expect(html).toContain(
      '<dt>profile</dt><dd>load/nightly.yaml</dd><dt>seed</dt><dd>1</dd><dt>version</dt><dd>Paceline 0.1.0</dd>',
    );
    expect(html).toContain('by your credentials');
    expect(await page(modelOf(demo()))).not.toContain('by your credentials');
  });

  it('breaks out of no page', async () => {
    const html = await page(modelOf({ ...hostile(), command: ['run', HOSTILE], profileFile: HOSTILE }));
    expect(html).not.toContain('<script');
  });
});

describe('the title of a report', () => {
  it.each([
    { profile: { title: 'Nightly' }, profileFile: 'a/b.yaml', title: 'Nightly' },
    { profile: {}, profileFile: 'profiles/sticky-vs-round-robin.yaml', title: 'sticky-vs-round-robin' },
    { profile: { title: '' }, profileFile: 'b.yml', title: 'b' },
    { profile: {}, profileFile: undefined, title: 'Load test' },
  ])('$title', ({ title, ...rest }) => {
    expect(modelOf({ ...demo(), ...rest }).title).toBe(title);
  });
});
