import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseProfile } from '../profile/profile.ts';
import { FORMATS } from '../report/format/names.ts';
import { renderReport } from '../report/format/render-report.ts';
import { guardedServer } from '../testbed/credentials/guarded-server.case.ts';
import { runExperiment } from './experiment.ts';

/** Everything that is written below `folder`. */
const writtenIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');

/** Runs a load whose agents have tokens from every source, and gives all that was written about it. */
async function everythingWritten(secrets: readonly string[]): Promise<string> {
  const [ofVariable, ofFile, ofCommand, ofHost, ofClient, clientSecret] = secrets as readonly [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const { privateKey } = generateKeyPairSync('ed25519');
  vi.stubEnv('PACELINE_TEST_TOKEN', ofVariable);
  vi.stubEnv('PACELINE_TEST_HOST', ofHost);
  vi.stubEnv('PACELINE_TEST_SECRET', clientSecret);
  vi.stubEnv('PACELINE_TEST_KEY', privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
  const folder = mkdtempSync(join(tmpdir(), 'paceline-secrets-'));
  writeFileSync(join(folder, 'token'), ofFile);
  writeFileSync(join(folder, 'print.mjs'), `console.log(${JSON.stringify(ofCommand)})`);
  const headers = { Authorization: `Bearer \${env:PACELINE_TEST_HOST}` };
  writeFileSync(join(folder, 'mcp.json'), JSON.stringify({ servers: { one: { headers } } }));
  const { origin } = await guardedServer(secrets, {
    '/token': () => ({ body: { access_token: ofClient, expires_in: 300 } }),
  });
  const profile = parseProfile(
    `version: 1
load: { rate: 40/s, warmup: 0s, duration: 500ms, agents: 7, connections: 2 }
calls: [{ list: tools }]
target: { url: "${origin}/mcp", era: stateless }
identities:
  - { name: variable, agents: 1, token: { env: PACELINE_TEST_TOKEN } }
  - { name: file, agents: 1, token: { file: token } }
  - { name: command, agents: 1, token: { command: [${process.execPath}, print.mjs] } }
  - { name: host, agents: 1, token: { mcpJson: mcp.json } }
  - { name: secret, agents: 1, token: { clientId: me, secretEnv: PACELINE_TEST_SECRET } }
  - { name: key, agents: 1, token: { clientId: me, keyEnv: PACELINE_TEST_KEY, algorithm: EdDSA } }
  - { name: none, agents: 1, token: missing }`,
    join(folder, 'profile.yaml'),
  );
  const keep = join(folder, 'kept');
  const document = await runExperiment({ profile, keep }).result();
  expect(document.variants[0]!.summary!.calls.ok).toBeGreaterThan(0);
  const rendered = await Promise.all(FORMATS.map((format) => renderReport(document, format)));
  const texts = rendered.flat().map(({ content }) => Buffer.from(content).toString('latin1'));
  return [JSON.stringify(document), writtenIn(keep), ...texts].join('\n');
}

describe('credentials', () => {
  it('are in nothing that is written about a load', { timeout: 120_000 }, async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    const secret = fc.stringMatching(/^[A-Za-z0-9\-._~]{24,40}$/);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(secret, { minLength: 6, maxLength: 6 }), async (secrets) => {
        const written = await everythingWritten(secrets);
        expect(secrets.filter((each) => written.includes(each))).toEqual([]);
        expect(written).not.toContain('PRIVATE KEY');
        // What is not secret is there, so that the result can be repeated.
        expect(written).toContain('PACELINE_TEST_SECRET');
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });
});
