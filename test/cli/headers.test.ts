/** @module Headers that differ from agent to agent, and values from the environment, from the profile to the wire and the results. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ResultDocument, Summary } from '../../src/result/document.ts';
import { run } from './in-process.ts';
import { type Ended, profileFile, scratch } from './paceline.ts';

const SECRET = 'hush-7c1d';

const SURROUNDINGS = { env: { ORIGIN_OF_TEST: SECRET } };

const PROFILE = `version: 1
load: { rate: 200/s, warmup: 0s, duration: 500ms, agents: 32, connections: 8 }
calls: [{ list: tools }]
fleet:
  server: lean
  instances: 2
  headers: { Authorization: "Bearer user-{{agent}}", X-Origin: "\${ORIGIN_OF_TEST}" }
balancer: { policy: hash-identity }
`;

const ERAS = ['stateless', 'sessions'] as const;

/** For each era: agents with identities of their own, and agents that share one. */
const VARIANTS = ERAS.flatMap((era) => [
  `  - { name: "${era}, own", fleet.era: ${era} }\n`,
  `  - { name: "${era}, shared", fleet.era: ${era}, fleet.headers.Authorization: Bearer shared }\n`,
]).join('');

describe('agents behind hash-identity', () => {
  let ended: Ended;
  let result: string;
  let page: string;
  beforeAll(async () => {
    const out = join(scratch(), 'out');
    const path = profileFile(`${PROFILE}repetitions: 1\nvariants:\n${VARIANTS}`);
    ended = await run(SURROUNDINGS, path, '--out', out, '--json', '--verbose');
    result = readFileSync(join(out, 'result.json'), 'utf8');
    page = readFileSync(join(out, 'report.html'), 'utf8');
  });

  const summaryOf = (name: string): Summary => {
    const { variants } = JSON.parse(result) as ResultDocument;
    return variants.find((variant) => variant.name === name)!.summary!;
  };
  const reached = ({ byInstance }: Summary): number =>
    Object.values(byInstance).filter(({ calls }) => calls > 0).length;

  it.each(ERAS)('spread over the instances when each has an identity of its own, in the era %s', (era) => {
    const summary = summaryOf(`${era}, own`);
    expect(reached(summary)).toBe(2);
    expect(summary.calls.ok).toBe(summary.calls.sent);
  });

  it.each(ERAS)('all reach one instance when they share their identity, in the era %s', (era) => {
    expect(reached(summaryOf(`${era}, shared`))).toBe(1);
  });

  it('leave nothing from the environment in what is stored and printed', () => {
    for (const text of [result, page, ended.stdout, ended.stderr]) expect(text).not.toContain(SECRET);
  });
});

it('a header from the environment is not shown by --once', async () => {
  const text = PROFILE.replace('list: tools', 'tool: no-such-tool').replace('instances: 2', 'instances: 1');
  const { stdout, stderr } = await run(SURROUNDINGS, profileFile(text), '--once');
  expect(stdout).toContain('X-Origin: (not shown)');
  expect(stdout + stderr).not.toContain(SECRET);
});
