/** @module `paceline audit` of fleets and endpoints: what it finds, its exit codes, and that it stops what it has started. */
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { descendantsOf } from '../../src/process/processes.case.ts';
import { type Answer, healthy, startCopies } from '../../src/session-audit/audited.case.ts';
import { sessionAudit } from '../../src/session-audit/document.ts';
import { audit as auditIn } from './in-process.ts';
import { type Ended, profileFile, scratch, start } from './paceline.ts';

/** `paceline audit` in this process. */
const audited = (...args: readonly string[]): Promise<Ended> => auditIn({ cwd: scratch() }, ...args);

const profile = (fleet: string, more = ''): string =>
  profileFile(`version: 1
load: { rate: 10/s, duration: 1s, agents: 4 }
calls: [{ list: tools }]
fleet: ${fleet}
${more}`);

/** Each copy knows only the sessions that it opened. */
const forgetful: Answer = (received, headers) => {
  const { method, instance } = received;
  if (method !== 'initialize' && received.headers['mcp-session-id'] !== `session-of-${instance}`)
    return undefined;
  const answer = healthy(received, headers);
  if (method === 'initialize') headers['mcp-session-id'] = `session-of-${instance}`;
  return answer;
};

describe('an audit of a profile', () => {
  it('finds nothing in a healthy fleet', async () => {
    const path = profile('{ server: lean, era: stateless, instances: 2, tools: { catalogue: 5 } }');
    const { code, stdout } = await start('audit', path, '--json', '--allow', 'echo').ended;
    const audit = sessionAudit.parse(JSON.parse(stdout));
    expect(audit.findings).toEqual([]);
    expect(audit.tools).toContainEqual({ name: 'echo', notCalled: null, steps: ['echo'] });
    expect(code).toBe(EXIT.pass);
  });

  it.each(['stateless', 'sessions'])(
    'proves with DPoP who it is, as each identity of a fleet, and exits by what it finds: %s',
    async (era) => {
      const path = profile(
        `{ server: lean, era: ${era}, instances: 2, tools: { catalogue: 5 } }`,
        `auth: { mode: dpop }
identities: [{ name: all, agents: 2, scopes: ["tool:*", "list:*"] }, { name: none, agents: 2 }]`,
      );
      const { code, stdout, stderr } = await audited(path, '--json');
      expect(stderr).not.toContain('error');
      const audit = sessionAudit.parse(JSON.parse(stdout));
      expect(audit.target.identities).toEqual(['all', 'none']);
      expect(audit.notListed).toEqual([]);
      expect(audit.tools.length).toBeGreaterThan(0);
      const checked = audit.checks.find(({ name }) => name === 'authorization-differs-by-instance');
      expect(checked).toMatchObject({ status: 'clean' });
      const found = audit.findings.map(({ check }) => check);
      expect([found, code]).toEqual(
        era === 'stateless' ? [[], EXIT.pass] : [['needs-session'], EXIT.threshold],
      );
    },
  );

  it('says which variant it audited, the first or the chosen one', async () => {
    const path = profile(
      '{ server: lean, era: stateless, instances: 1, tools: { catalogue: 4 } }',
      'variants: [{ name: small }, { name: large, fleet.instances: 2 }]',
    );
    const first = await audited(path);
    const chosen = await audited(path, '--variant', 'large', '--json');
    expect(first.stdout.replace(/\s+/g, ' ')).toContain(
      `variant small of ${path}; 1 other not audited (choose with --variant).`,
    );
    expect(JSON.parse(chosen.stdout)).toMatchObject({
      profile: { file: path, variant: 'large', variants: 2 },
    });
  });

  it('stops the fleet when it is interrupted', async () => {
    const path = profile('{ server: lean, era: stateless, instances: 2, tools: { work: 2s } }');
    const running = start('audit', path, '--allow', 'work');
    await expect
      .poll(() => descendantsOf(running.process.pid!).length, { timeout: 20_000 })
      .toBeGreaterThan(1);
    running.process.kill('SIGINT');
    const { code } = await running.ended;
    expect(code).toBe(EXIT.interrupted);
    expect(descendantsOf(running.process.pid!)).toEqual([]);
  });
});

describe('an audit of an endpoint', () => {
  it.each(['text', 'junit', 'html'])('prints what it found as %s, without credentials', async (format) => {
    const copies = await startCopies(forgetful);
    const urls = copies.instances.map(({ url }) => url);
    const flags = [...urls.flatMap((url) => ['--instance', url]), '--era', 'sessions', '--format', format];
    const header = `Authorization: \${TOKEN}`;
    try {
      const env = { TOKEN: 'Bearer secret-4711' };
      const args = [urls[0]!, '--header', header, ...flags];
      const { code, stdout, stderr } = await auditIn({ cwd: scratch(), env }, ...args);
      expect(stdout).toContain('session-lost');
      expect(stdout + stderr).not.toContain('secret-4711');
      expect(code).toBe(EXIT.threshold);
    } finally {
      await copies.stop();
    }
  });

  it('says that nothing could be pinned when it has no addresses', async () => {
    const copies = await startCopies(healthy, ['a']);
    try {
      const { stdout } = await audited(copies.instances[0]!.url, '--json');
      const { target } = sessionAudit.parse(JSON.parse(stdout));
      expect(target).toMatchObject({ pinned: false, era: 'stateless' });
    } finally {
      await copies.stop();
    }
  });

  it('says first when most checks could not be made without addresses', async () => {
    const copies = await startCopies(healthy, ['a', 'b']);
    try {
      const urls = copies.instances.flatMap(({ url }) => ['--instance', url]);
      const { url } = copies.instances[0]!;
      const alone = await audited(url, '--era', 'sessions');
      const addressed = await audited(url, '--era', 'sessions', ...urls);
      expect(alone.stdout).toContain('It tells little: ');
      expect(alone.code).toBe(EXIT.pass);
      expect(addressed.stdout).not.toContain('It tells little: ');
      expect(addressed.code).toBe(EXIT.pass);
    } finally {
      await copies.stop();
    }
  });

  it('counts every request that the copies received', async () => {
    const copies = await startCopies(healthy, ['a', 'b']);
    try {
      const urls = copies.instances.flatMap(({ url }) => ['--instance', url]);
      const { stdout } = await audited(copies.instances[0]!.url, '--era', 'stateless', ...urls, '--json');
      expect(sessionAudit.parse(JSON.parse(stdout)).requests).toBe(copies.received.length);
      for (const target of [
        `{ url: "${copies.instances[0]!.url}" }`,
        `{ instances: ${JSON.stringify(copies.instances.map(({ url }) => url))} }`,
      ]) {
        const before = copies.received.length;
        const path = profileFile(
          `version: 1\nload: { rate: 10/s }\ncalls: [{ list: tools }]\ntarget: ${target}\n`,
        );
        const ended = await audited(path, '--json');
        expect(sessionAudit.parse(JSON.parse(ended.stdout)).requests).toBe(copies.received.length - before);
      }
    } finally {
      await copies.stop();
    }
  });

  it('says that it had not begun when it is interrupted before', async () => {
    const copies = await startCopies(() => 'nothing', ['a']);
    try {
      const running = start('audit', copies.instances[0]!.url);
      await expect.poll(() => copies.received.length, { timeout: 20_000 }).toBe(1);
      running.process.kill('SIGINT');
      const { code, stdout, stderr } = await running.ended;
      expect([code, stdout]).toEqual([EXIT.interrupted, '']);
      expect(stderr).toContain('the audit had not begun, so there is nothing to print');
    } finally {
      await copies.stop();
    }
  });

  it('cannot be done where nothing listens', async () => {
    const { code, stdout, stderr } = await start('audit', 'http://127.0.0.1:9/mcp').ended;
    expect(stderr).toContain('ECONNREFUSED');
    expect([code, stdout]).toEqual([EXIT.usage, '']);
  });

  it.each([
    ['not HTTP', ['ftp://127.0.0.1/mcp'], 'is not an HTTP URL'],
    ['an endpoint and a file', ['http://127.0.0.1:9/mcp', 'a.jsonl'], '--instance URL'],
    ['a flag of profiles', ['http://127.0.0.1:9/mcp', '--variant', 'a'], '--variant'],
    [
      'one instance twice',
      [
        'http://127.0.0.1:9/mcp',
        ...['http://127.0.0.1:8/mcp', 'http://127.0.0.1:08/mcp'].flatMap((url) => ['--instance', url]),
      ],
      'is given twice',
    ],
    ['two formats', ['none.yaml', '--format', 'junit', '--json'], 'cannot be used with'],
    ['no such profile', ['none.yaml'], 'none.yaml'],
    ['a flag of endpoints', ['none.yaml', '--instance', 'http://127.0.0.1:9/mcp'], '--instance'],
  ])('cannot be done: %s', async (_, args, said) => {
    const { code, stdout, stderr } = await audited(...args);
    expect(stderr).toContain(said);
    expect(stdout).toBe('');
    expect(code).toBe(EXIT.usage);
  });
});
