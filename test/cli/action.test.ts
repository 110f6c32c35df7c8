import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { resultsOf } from '../../src/result/history/series.case.ts';
import { codeBlocks } from '../markdown.ts';
import { scratch } from './paceline.ts';

const ROOT = resolve(import.meta.dirname, '../..');

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const ACTION = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;
/** The names of the steps of the script, in the order in which the action runs them. */
const STEPS = ACTION.runs.steps.flatMap(({ run }) => /github\.sh" (\w+)$/.exec(run ?? '')?.[1] ?? []);

/** In place of `paceline`: a run copies the planted result, so that no test depends on the speed of a machine. */
const PACELINE = `#!/bin/sh
if [ "$1" != run ]; then exec '${process.execPath}' '${join(ROOT, 'bin/paceline.js')}' "$@"; fi
profile=$2
while [ "$1" != --out ]; do shift; done
mkdir -p "$2"
cp "$PLANTED" "$2/result.json"
echo "::notice title=Paceline::measured $profile"
exit "\${RUN_CODE:-0}"
`;

/** In place of `gh`: keeps the comments of one pull request in a file, as the REST API does. */
const GH = `#!/usr/bin/env node
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
if (process.env.GH_REFUSES) process.exit(1);
const args = process.argv.slice(2);
const at = (flag) => args[args.indexOf(flag) + 1];
const comments = existsSync(process.env.COMMENTS) ? JSON.parse(readFileSync(process.env.COMMENTS, 'utf8')) : [];
if (args.includes('--jq')) {
  const [, marker] = /startswith\\("(.*)"\\)/.exec(at('--jq'));
  for (const { id, body } of comments) if (body.startsWith(marker)) console.log(id);
} else {
  const body = readFileSync(at('--field').replace('body=@', ''), 'utf8');
  const id = Number(/issues\\/comments\\/(\\d+)$/.exec(at('--method') === 'PATCH' ? args[args.indexOf('--method') + 2] : '')?.[1] ?? 0);
  if (id) comments.find((one) => one.id === id).body = body;
  else comments.push({ id: comments.length + 7, body });
  writeFileSync(process.env.COMMENTS, JSON.stringify(comments));
}
`;

/** A scratch repository in which the steps of the action run one after the other, and what each run left. */
function repository() {
  const cwd = scratch();
  execFileSync('git', ['init', '-q', '-b', 'main', cwd]);
  const bin = join(cwd, 'bin');
  mkdirSync(bin);
  for (const [name, text] of [
    ['paceline', PACELINE],
    ['gh', GH],
  ] as const) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(join(cwd, 'event.json'), JSON.stringify({ pull_request: { number: 12 } }));
  writeFileSync(join(cwd, 'push.json'), '{}');
  const comments = (): readonly { readonly id: number; readonly body: string }[] => {
    const file = join(cwd, 'comments.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  };
  const days = resultsOf([1000, 1001, 1500, 1500].map((responseUs) => ({ responseUs })));
  let runs = 0;

  function job(event: 'push' | 'pull_request', env: Readonly<Record<string, string>> = {}) {
    const planted = join(cwd, `planted-${runs}.json`);
    writeFileSync(planted, JSON.stringify(days[runs]));
    runs += 1;
    const [outputs, summary] = [join(cwd, `outputs-${runs}`), join(cwd, `summary-${runs}.md`)];
    writeFileSync(outputs, '');
    const ended = STEPS.map((step) =>
      spawnSync(join(ROOT, 'ci/github.sh'), [step], {
        cwd,
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${bin}:${process.env['PATH']}`,
          PACELINE: join(bin, 'paceline'),
          PLANTED: planted,
          COMMENTS: join(cwd, 'comments.json'),
          INPUT_PROFILE: 'load/profile.yaml',
          GITHUB_REPOSITORY: 'owner/name',
          GITHUB_EVENT_NAME: event,
          GITHUB_EVENT_PATH: join(cwd, event === 'push' ? 'push.json' : 'event.json'),
          GITHUB_REF_NAME: event === 'push' ? 'main' : '12/merge',
          GITHUB_OUTPUT: outputs,
          GITHUB_STEP_SUMMARY: summary,
          ...env,
        },
      }),
    );
    return {
      codes: ended.map(({ status }) => status),
      stdout: ended.map(({ stdout }) => stdout).join(''),
      outputs: Object.fromEntries(
        readFileSync(outputs, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => line.split('=')),
      ) as unknown,
      summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '',
    };
  }
  return { cwd, job, comments };
}

describe('the action', () => {
  it('runs every step of the script with inputs that it has', () => {
    expect(STEPS).toEqual(['measure', 'compare', 'comment', 'save', 'finish']);
    const used = ACTION.runs.steps.flatMap(({ env = {} }) => Object.values(env)).join(' ');
    const names = [...used.matchAll(/inputs\.([\w-]+)/g)].map((match) => match[1]);
    expect(new Set(names)).toEqual(new Set(Object.keys(ACTION.inputs)));
  });

  it('pins the actions that it uses', () => {
    for (const { uses } of ACTION.runs.steps)
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w/-]+@v\d+$/);
  });

  it('stores the first run, compares the next ones, and keeps one comment up to date', {
    timeout: 120_000,
  }, () => {
    const { cwd, job, comments } = repository();
    const first = job('push');
    expect(first).toMatchObject({ codes: [0, 0, 0, 0, 0], outputs: { verdict: 'none', 'exit-code': '0' } });
    expect(first.stdout).toContain('::notice title=Paceline::no baseline of main yet');
    expect(existsSync(join(cwd, '.paceline/baselines'))).toBe(true);
    expect(comments()).toEqual([]);

    const same = job('pull_request');
    expect(same).toMatchObject({ codes: [0, 0, 0, 0, 0], outputs: { verdict: 'same', 'exit-code': '0' } });
    expect(same.summary).toContain('p50 response time');
    expect(comments()).toHaveLength(1);
    expect(comments()[0]!.body).toMatch(/^<!-- paceline:[\w.-]+ -->\n/);
    expect(comments()[0]!.body).toContain('same');

    const worse = job('pull_request');
    expect(worse).toMatchObject({
      codes: [0, 0, 0, 0, 4],
      outputs: { verdict: 'regressed', 'exit-code': '4' },
    });
    expect(worse.stdout).toMatch(
      /^::error title=Paceline%3A Nightly%3A p50 response time of sticky regressed::/m,
    );
    expect(worse.summary).toContain('regressed');
    expect(comments()).toHaveLength(1);
    expect(comments()[0]!.body).toContain('regressed');
    for (const file of [
      'result.json',
      'comparison.json',
      'comparison.html',
      'comparison.junit.xml',
      'report.junit.xml',
    ])
      expect(existsSync(join(cwd, 'paceline-results', file))).toBe(true);

    const fork = job('pull_request', { GH_REFUSES: '1' });
    expect(fork).toMatchObject({ codes: [0, 0, 0, 0, 4] });
    expect(fork.stdout).toContain(
      '::warning title=Paceline::the comments of the pull request cannot be read',
    );
  });

  it('fails for a threshold, for a lack of certainty only when asked, and at once for anything else', {
    timeout: 60_000,
  }, () => {
    const { job } = repository();
    expect(job('pull_request', { RUN_CODE: '3' })).toMatchObject({
      codes: [0, 0, 0, 0, 3],
      outputs: { verdict: 'none', 'exit-code': '3' },
    });
    const open = job('pull_request', { RUN_CODE: '5' });
    expect(open.codes).toEqual([0, 0, 0, 0, 0]);
    expect(open.stdout).toContain('::warning title=Paceline::too little was measured to tell');
    expect(job('pull_request', { RUN_CODE: '5', INPUT_FAIL_ON_UNDECIDED: 'true' }).codes).toEqual([
      0, 0, 0, 0, 5,
    ]);
    expect(job('pull_request', { RUN_CODE: '2' }).codes[0]).toBe(2);
  });
});

describe('docs/ci.md', () => {
  const blocks = codeBlocks(readFileSync(join(ROOT, 'docs/ci.md'), 'utf8')).filter(
    ({ language }) => language === 'yml',
  );

  it('has workflows for GitHub and GitLab that are YAML', () => {
    const documents = blocks.map(({ text }) => parse(text) as Readonly<Record<string, unknown>>);
    expect(documents.filter((one) => 'jobs' in one).length).toBeGreaterThan(1);
    expect(documents.filter((one) => 'stages' in one)).toHaveLength(1);
  });

  it('gives the action only inputs that it has, and all that it needs', () => {
    const uses = blocks.flatMap(({ text }) => {
      const { jobs = {} } = parse(text) as {
        readonly jobs?: Readonly<
          Record<string, { readonly steps: readonly (Step & { readonly with?: object })[] }>
        >;
      };
      return Object.values(jobs).flatMap(({ steps }) =>
        steps.filter((step) => step.uses?.includes('/paceline@')),
      );
    });
    expect(uses.length).toBeGreaterThan(0);
    for (const { with: given = {} } of uses) {
      expect(Object.keys(ACTION.inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
      expect(given).toHaveProperty('profile');
    }
  });
});
