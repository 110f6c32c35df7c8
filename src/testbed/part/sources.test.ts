import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { problemsOf } from '../../credentials/server.case.ts';
import type { AuthUpdate } from '../../generator/engine/load-auth.ts';
import { guardedServer } from '../credentials/guarded-server.case.ts';
import { settingsOf, startFor } from '../profile-testbed.case.ts';
import type { Testbed } from '../testbed.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'paceline-sources-'));

function fileWith(text: string): string {
  const path = join(folder(), 'file');
  writeFileSync(path, text);
  return path;
}

async function started(url: string, ...lines: readonly string[]): Promise<Testbed> {
  const testbed = await startFor(settingsOf(`target: { url: "${url}", era: stateless }`, ...lines));
  onTestFinished(() => testbed.stop());
  return testbed;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the tokens for a target', () => {
  it('are in the probe before the load, and of each agent by its identity', async () => {
    const { origin, asked } = await guardedServer(['from-file']);
    const path = fileWith('from-file\n');
    const { credentials } = await started(
      `${origin}/mcp`,
      `identities:
  - { name: none, agents: 2, token: missing }
  - { name: nonsense, agents: 1, token: invalid }
  - { name: readers, agents: 60, token: { file: "${path}" } }
  - { name: others, agents: 1, token: { file: "${path}" }, expect: forbidden }`,
    );
    const { mode, scheme, tokens, identities } = credentials!.auth;
    expect([mode, scheme, tokens.length]).toEqual(['target', 'Bearer', 64]);
    expect(tokens.slice(0, 2)).toEqual([null, null]);
    expect(new Set(tokens.slice(3))).toEqual(new Set(['from-file']));
    expect(identities.map(({ name, expected, refusal }) => [name, ...expected, refusal])).toEqual([
      ['none', 'unauthorized', 'missing'],
      ['nonsense', 'unauthorized', 'invalid'],
      ['readers', 'allow', undefined],
      ['others', 'forbidden', 'wrong-scope'],
    ]);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer from-file']);
  });

  it('are one for each agent from a client of its authorization server', async () => {
    vi.stubEnv('PACELINE_TEST_SECRET', 'secret');
    let issued = 0;
    const tokens = Array.from({ length: 64 }, (_, index) => `token-${index}`);
    const { origin } = await guardedServer(tokens, {
      '/token': () => ({ body: { access_token: tokens[issued++], expires_in: 300 } }),
    });
    const { credentials } = await started(
      `${origin}/mcp`,
      'identities: [{ name: a, agents: 64, token: { clientId: me, secretEnv: PACELINE_TEST_SECRET } }]',
    );
    expect(credentials!.auth.tokens.toSorted()).toEqual(tokens.toSorted());
  });

  it('are replaced when their file is, or before they expire', async () => {
    vi.stubEnv('PACELINE_TEST_SECRET', 'secret');
    let issued = 0;
    const { origin } = await guardedServer(['one', 'two'], {
      '/token': () => {
        issued += 1;
        return { body: { access_token: `t${issued}`, expires_in: 2 } };
      },
    });
    const path = fileWith('one');
    const { credentials } = await started(
      `${origin}/mcp`,
      `identities:
  - { name: a, agents: 62, token: { file: "${path}" } }
  - { name: b, agents: 2, token: { clientId: me, secretEnv: PACELINE_TEST_SECRET } }`,
    );
    const updates: AuthUpdate[] = [];
    credentials!.subscribe((update) => updates.push(update));
    renameSync(fileWith('two'), path);
    const renewed = (): readonly number[] =>
      updates.flatMap((update) => (update.kind === 'tokens' ? update.agents : []));
    await expect.poll(() => new Set(renewed()).size, { timeout: 20_000 }).toBe(64);
    const ofFile = updates.find((update) => update.agents.length === 62);
    expect(ofFile).toMatchObject({ kind: 'tokens', tokens: Array.from({ length: 62 }, () => 'two') });
  });

  it('that have expired and are not renewed are noted', async () => {
    vi.stubEnv('PACELINE_TEST_SECRET', 'secret');
    const { origin } = await guardedServer(['t'], {
      '/token': () => ({ body: { access_token: 't', expires_in: 0.2 } }),
    });
    const testbed = await started(
      `${origin}/mcp`,
      'identities: [{ name: a, agents: 64, refresh: false, token: { clientId: me, secretEnv: PACELINE_TEST_SECRET } }]',
    );
    const note = { kind: 'tokens-not-renewed', part: 'credentials', agents: 64, reason: null };
    await expect.poll(() => testbed.notes(), { timeout: 20_000 }).toContainEqual(note);
  });

  it('are wrong before the load begins', async () => {
    const { origin } = await guardedServer([]);
    const identity = (token: string): string => `identities: [{ name: a, agents: 64, token: ${token} }]`;
    const start = (token: string): Promise<unknown> => started(`${origin}/mcp`, identity(token));
    expect(await problemsOf(start('{ env: PACELINE_NOT_SET }'))).toEqual([
      'identities a: the environment variable PACELINE_NOT_SET is not set (set it)',
    ]);
    expect(await problemsOf(start(`{ file: "${fileWith('a')}" }`))).toEqual([
      expect.stringContaining('the server rejected the credentials'),
    ]);
  });
});
