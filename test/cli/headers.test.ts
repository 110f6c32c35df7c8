/** @module Headers that differ from agent to agent, and values from the environment, from the profile to the wire and the results. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/result/document.ts';
import { profileFile, scratch, startIn } from './paceline.ts';

const SECRET = 'hush-7c1d';

const profile = (era: string, header: string): string =>
  profileFile(`version: 1
load: { rate: 200/s, warmup: 0s, duration: 500ms, agents: 32, connections: 8 }
calls: [{ list: tools }]
fleet:
  server: lean
  era: ${era}
  instances: 3
  headers: { Authorization: ${header}, X-Origin: "\${ORIGIN_OF_TEST}" }
balancer: { policy: hash-identity }
`);

async function run(era: string, header: string) {
  const out = join(scratch(), 'out');
  const env = { ORIGIN_OF_TEST: SECRET };
  const ended = await startIn({ env }, 'run', profile(era, header), '--out', out, '--json', '--verbose')
    .ended;
  const read = (name: string): string => readFileSync(join(out, name), 'utf8');
  return { ended, result: read('result.json'), page: read('report.html') };
}

describe.each(['stateless', 'sessions'])('agents of the era %s behind hash-identity', (era) => {
  it('spread over the instances when each has an identity of its own; nothing from the environment is stored', async () => {
    const { ended, result, page } = await run(era, '"Bearer user-{{agent}}"');
    const { summary } = (JSON.parse(result) as ResultDocument).variants[0]!;
    expect(Object.values(summary!.byInstance).filter(({ calls }) => calls > 0)).toHaveLength(3);
    expect(summary!.calls.ok).toBe(summary!.calls.sent);
    for (const text of [result, page, ended.stdout, ended.stderr]) expect(text).not.toContain(SECRET);
  });

  it('all reach one instance when they share their identity', async () => {
    const { result } = await run(era, 'Bearer shared');
    const { summary } = (JSON.parse(result) as ResultDocument).variants[0]!;
    expect(Object.values(summary!.byInstance).filter(({ calls }) => calls > 0)).toHaveLength(1);
  });
});

it('a header from the environment is not shown by --once', async () => {
  const env = { ORIGIN_OF_TEST: SECRET };
  const text = readFileSync(profile('stateless', 'Bearer a'), 'utf8').replace(
    'list: tools',
    'tool: no-such-tool',
  );
  const { stdout, stderr } = await startIn({ env }, 'run', profileFile(text), '--once').ended;
  expect(stdout).toContain('X-Origin: (not shown)');
  expect(stdout + stderr).not.toContain(SECRET);
});
