/**
 * @module What each command prints, as text to review. A change of wording shows as a change of these files:
 * `UPDATE_GOLDEN=1 npx vitest run test/cli/golden.test.ts` writes them anew.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { inputs } from './golden/inputs.ts';
import { normalise } from './golden/normalise.ts';
import { type Ended, startIn } from './paceline.ts';

/** One command line and what is special about it. */
interface Invocation {
  /** After `paceline`. */
  readonly args: string;
  /** Ctrl-C is pressed when this has been printed. */
  readonly until?: string;
  /** Numbers in the output are measurements. */
  readonly measured?: boolean;
}

const HELP = [
  '',
  'run',
  'validate',
  'fleet',
  'report',
  'compare',
  'ab',
  'trend',
  'baseline',
  'baseline save',
  'baseline list',
  'audit',
  'inspect',
  'record',
  'init',
  'calibrate',
  'completion',
  'balancer',
  'balancer lint',
  'balancer render',
];

/** By the name of the file. */
const INVOCATIONS: Readonly<Record<string, Invocation>> = {
  ...Object.fromEntries(HELP.map((command) => [helpName(command), { args: `${command} --help`.trim() }])),
  version: { args: '--version' },
  'no-command': { args: '' },
  'unknown-command': { args: 'rnu profile.yaml' },
  run: { args: 'run profile.yaml --out out', measured: true },
  'run-once': { args: 'run profile.yaml --once', measured: true },
  validate: { args: 'validate profile.yaml' },
  'run-wrong-profile': { args: 'run wrong.yaml' },
  'run-unknown-option': { args: 'run profile.yaml --sede 3' },
  'run-nothing-listens': { args: 'run target.yaml' },
  fleet: { args: 'fleet profile.yaml --json', until: '"instances"' },
  'fleet-without-fleet': { args: 'fleet target.yaml' },
  report: { args: 'report result.json --format md' },
  'baseline-list': { args: 'baseline list' },
  'compare-without-baseline': { args: 'compare --baseline main result.json' },
  'compare-without-candidate': { args: 'compare result.json' },
  'trend-empty': { args: 'trend nothing' },
  'trend-unknown-metric': { args: 'trend . --metric responseTime.p99' },
  'report-unknown-format': { args: 'report result.json --format pdf' },
  audit: { args: 'audit audit.jsonl --field traceparent=trace.id --field decision=result' },
  'audit-unreadable': { args: 'audit none.jsonl' },
  'audit-wrong-field': { args: 'audit audit.jsonl --field traceparnt=trace.id' },
  'balancer-lint': { args: 'balancer lint nginx.conf' },
  'balancer-lint-wrong': { args: 'balancer lint wrong.conf' },
  'balancer-render': { args: 'balancer render haproxy profile.yaml' },
  'balancer-render-impossible': {
    args: 'balancer render haproxy profile.yaml --set fleet.era=sessions --set balancer.policy=route-method',
  },
};

function helpName(command: string): string {
  return ['help', ...command.split(' ')].filter(Boolean).join('-');
}

async function finish({ args, until }: Invocation, folder: string): Promise<Ended> {
  const running = startIn({ cwd: folder }, ...args.split(' ').filter(Boolean));
  if (until !== undefined) {
    await running.said(until);
    running.process.kill('SIGINT');
  }
  return running.ended;
}

const folder = inputs();

describe('the command line', () => {
  it.for(Object.entries(INVOCATIONS))(
    'prints what is in golden/%s.golden.txt',
    async ([name, invocation], { skip }) => {
      const { args, measured = false } = invocation;
      const { code, stdout, stderr } = await finish(invocation, folder);
      if (code === EXIT.inconclusive) skip('the machine was too busy to measure anything');
      const [out, err] = [stdout, stderr].map((text) => normalise(text, folder, measured));
      const text = `$ ${`paceline ${args}`.trim()}\nexit code ${code}\n\n--- stdout\n${out}\n--- stderr\n${err}`;
      await expect(text).toMatchFileSnapshot(`golden/${name}.golden.txt`);
    },
  );

  it('has no golden file that nothing prints', () => {
    const files = readdirSync(join(import.meta.dirname, 'golden')).filter((name) => name.endsWith('.txt'));
    const known = new Set(Object.keys(INVOCATIONS).map((name) => `${name}.golden.txt`));
    expect(files.filter((name) => !known.has(name))).toEqual([]);
  });
});
