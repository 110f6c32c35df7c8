import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { fileOf } from '../../../../test/programs.ts';
import {
  CONFIG_KINDS,
  CONFIGS,
  type ConfigKind,
  POLICY_NAMES,
  type PolicyName,
} from '../../../profile/balancer-kinds.ts';
import { UserError } from '../../../units/user-error.ts';
import { makeCertificate } from '../../certificate.ts';
import { installationProblem } from '../../engine/installed.ts';
import { renderConfig } from './render.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-render-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = promisify(execFile);

const possible = (kind: ConfigKind): PolicyName[] =>
  POLICY_NAMES.filter((policy) => CONFIGS[kind].policies[policy].kind !== 'none');

const SESSIONS: readonly PolicyName[] = ['sticky', 'hash-session', 'hash-identity'];

const render = (kind: ConfigKind, policy: PolicyName, upstreams = 4): string =>
  renderConfig(kind, {
    policy,
    upstreams,
    era: SESSIONS.includes(policy) ? 'sessions' : 'stateless',
    path: '/mcp',
  });

const file = (kind: ConfigKind, policy: PolicyName, text: string): string => {
  const path = join(folder, `${kind}-${policy}`);
  writeFileSync(path, text);
  return path;
};

/** `text` with paths that an unprivileged user can write. */
const unprivileged = (text: string): string =>
  text
    .replaceAll('/var/log/nginx/', `${folder}/`)
    .replace(
      'http {\n',
      `http {\n${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((name) => `${name}_temp_path ${folder}/${name};`)
        .join('\n')}\n`,
    );

/** The policies that the installed nginx is too old for. */
const tooOld = new Set<PolicyName>();
for (const policy of possible('nginx')) {
  const problem = await installationProblem({ engine: 'nginx', policy });
  if (problem?.where === 'balancer.policy') tooOld.add(policy);
}

const checkWithNginx = (policy: PolicyName, size: number) => {
  const path = file('nginx', policy, unprivileged(render('nginx', policy, size)));
  const args = ['-t', '-e', 'stderr', '-p', folder, '-g', `pid ${folder}/pid;`, '-c', path];
  return run(fileOf('nginx')!, args);
};

describe('what is printed for clients over TLS', () => {
  const secure = async (kind: ConfigKind): Promise<string> => {
    const { pemFile } = await makeCertificate(folder);
    return renderConfig(kind, {
      policy: 'round-robin',
      upstreams: 2,
      era: 'stateless',
      path: '/mcp',
      tls: true,
    }).replaceAll(/\/etc\/(ssl|haproxy)\/\S*mcp\.(pem|key)/g, pemFile);
  };

  it('is accepted by nginx', { tags: ['nginx'] }, async () => {
    const path = join(folder, 'nginx-tls');
    writeFileSync(path, unprivileged(await secure('nginx')));
    const args = ['-t', '-e', 'stderr', '-p', folder, '-g', `pid ${folder}/pid;`, '-c', path];
    expect((await run(fileOf('nginx')!, args)).stderr).toContain('test is successful');
  });

  it('is accepted by HAProxy without a warning', { tags: ['haproxy'] }, async () => {
    const path = join(folder, 'haproxy-tls');
    writeFileSync(path, await secure('haproxy'));
    const { stdout, stderr } = await run(fileOf('haproxy')!, ['-c', '-f', path]);
    expect(stdout + stderr).toBe('Configuration file is valid\n');
  });
});

describe('what is printed', () => {
  it('names the version of the program that it needs', () => {
    expect(render('nginx', 'sticky')).toContain('# Needs nginx 1.29.6 or later: sticky learn.');
    expect(render('envoy', 'sticky')).toContain('# Needs Envoy 1.35.0 or later: ');
    expect(render('haproxy', 'sticky')).not.toContain('# Needs');
  });

  it.each([...tooOld])('is rejected with %s by an nginx before that version', async (policy) => {
    await expect(checkWithNginx(policy, 1)).rejects.toThrow('unknown directive');
  });

  it.each(possible('nginx').filter((policy) => !tooOld.has(policy)))(
    'is accepted by nginx with %s',
    { tags: ['nginx'] },
    async (policy) => {
      for (const size of [1, 5]) {
        expect((await checkWithNginx(policy, size)).stderr).toContain('test is successful');
      }
    },
  );

  it.each(possible('haproxy'))(
    'is accepted by HAProxy without a warning with %s',
    { tags: ['haproxy'] },
    async (policy) => {
      for (const size of [1, 5]) {
        const path = file('haproxy', policy, render('haproxy', policy, size));
        const { stdout, stderr } = await run(fileOf('haproxy')!, ['-c', '-f', path]);
        expect(stdout + stderr).toBe('Configuration file is valid\n');
      }
    },
  );

  it.each([
    ...possible('envoy').map((policy) => ['envoy', policy] as const),
    ...possible('kubernetes').map((policy) => ['kubernetes', policy] as const),
  ])('is valid YAML: %s, %s', (kind, policy) => {
    for (const size of [1, 5]) {
      const documents = parseAllDocuments(render(kind, policy, size), { strict: true, uniqueKeys: true });
      const values = [...documents].flatMap((document) => {
        expect([...document.errors, ...document.warnings]).toEqual([]);
        return document.toJS() === null ? [] : [document.toJS() as Record<string, unknown>];
      });
      if (kind === 'envoy') expect(Object.keys(values[0]!)).toEqual(['static_resources']);
      else
        for (const value of values)
          expect(value).toMatchObject({
            kind: expect.any(String),
            metadata: { name: expect.stringMatching(/^[a-z-]+$/) },
          });
    }
  });

  it.each([
    ['nginx', 'round-robin', 'conf'],
    ['nginx', 'sticky', 'conf'],
    ['nginx', 'hash-session', 'conf'],
    ['nginx', 'hash-identity', 'conf'],
    ['nginx', 'route-method', 'conf'],
    ['nginx', 'name-affinity', 'conf'],
    ['haproxy', 'round-robin', 'cfg'],
    ['haproxy', 'sticky', 'cfg'],
    ['haproxy', 'hash-identity', 'cfg'],
    ['haproxy', 'route-method', 'cfg'],
    ['envoy', 'round-robin', 'yaml'],
    ['envoy', 'least-in-flight', 'yaml'],
    ['envoy', 'sticky', 'yaml'],
    ['envoy', 'hash-identity', 'yaml'],
    ['envoy', 'route-method', 'yaml'],
    ['kubernetes', 'round-robin', 'yaml'],
    ['kubernetes', 'sticky', 'yaml'],
    ['kubernetes', 'hash-session', 'yaml'],
    ['kubernetes', 'route-method', 'yaml'],
  ] as const)(
    'for %s and %s is the stored file (otherwise: vitest run src/balancer/config/render -u)',
    async (kind, policy, ending) => {
      await expect(render(kind, policy)).toMatchFileSnapshot(`golden/${kind}-${policy}.golden.${ending}`);
    },
  );

  it.each(
    CONFIG_KINDS.flatMap((kind) =>
      (['sticky', 'hash-session'] as const).map((policy) => [kind, policy] as const),
    ),
  )('for %s and %s without sessions is round-robin, and says so', (kind, policy) => {
    const settings = { upstreams: 3, era: 'stateless', path: '/mcp' } as const;
    const text = renderConfig(kind, { ...settings, policy });
    const lines = (config: string): readonly string[] =>
      config.split('\n').filter((line) => !line.trimStart().startsWith('#'));
    expect(text).toContain(`The profile asks for ${policy}.`);
    expect(text).not.toMatch(/learned|MISTAKE|stick-table|hash_policy|stateful_session/);
    expect(lines(text)).toEqual(lines(renderConfig(kind, { ...settings, policy: 'round-robin' })));
    expect(renderConfig(kind, { ...settings, policy: 'round-robin' })).not.toContain('asks for');
  });

  it('has the addresses it is given, and names them in X-Served-By', () => {
    const text = renderConfig('nginx', {
      policy: 'round-robin',
      upstreams: [{ id: 'one', host: '::1', port: 81 }],
      era: 'stateless',
      path: '/mcp',
    });
    expect(text).toContain('server [::1]:81 ');
    expect(text).toContain('"~^\\|(.*[,:] )?[0-9.]+\\|(.*[,:] )?\\[::1\\]:81$" "one";');
    expect(text).not.toContain('placeholder');
  });
});

describe('what cannot be printed', () => {
  it.each([
    ['kubernetes', 'least-in-flight', 'stateless', /use random-two/],
    ['envoy', 'route-method', 'sessions', /do not carry.*fleet\.era stateless/],
    ['haproxy', 'name-affinity', 'sessions', /do not carry/],
  ] as const)('%s, %s, %s says what to use instead', (kind, policy, era, words) => {
    const attempt = (): string => renderConfig(kind, { policy, era, upstreams: 3, path: '/mcp' });
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(words);
  });

  it('is an instance whose host has a special meaning in a configuration file', () => {
    for (const kind of CONFIG_KINDS) {
      const upstreams = [{ id: 'a', host: 'a"; evil', port: 1 }];
      const attempt = (): string =>
        renderConfig(kind, { policy: 'round-robin', era: 'stateless', upstreams, path: '/mcp' });
      expect(attempt).toThrow(/"a"; evil" cannot be an instance's name or host/);
    }
  });
});

describe('HTTP/2 to instances', () => {
  const http2 = (kind: ConfigKind, http?: '1.1' | '2'): string =>
    renderConfig(kind, {
      policy: 'route-method',
      upstreams: 4,
      era: 'stateless',
      path: '/mcp',
      ...(http && { http }),
    });
  /** The lines that HTTP/2 changes, as they are with it. */
  const changed = (kind: ConfigKind): string[] => {
    const before = http2(kind).split('\n');
    const after = http2(kind, '2').split('\n');
    expect(after).toHaveLength(before.length);
    return after.filter((line, at) => line !== before[at]);
  };

  it.each(CONFIG_KINDS)('is not in the file for %s where nobody asks for it', (kind) => {
    expect(http2(kind, '1.1')).toBe(http2(kind));
  });

  it('is one word per server for HAProxy', () => {
    const lines = changed('haproxy');
    expect(lines).toHaveLength(8);
    for (const line of lines) expect(line).toMatch(/^ {4}server \d 192.0.2.\d+:3000 proto h2( backup)?$/);
  });

  it('is an option of each cluster for Envoy', () => {
    const line = '            explicit_http_config: { http2_protocol_options: {} }';
    expect(changed('envoy').map((each) => each.trim())).toEqual([line.trim(), line.trim()]);
  });

  it('is the protocol of each Service for Kubernetes', () => {
    expect(changed('kubernetes')).toHaveLength(2);
    for (const line of changed('kubernetes')) expect(line).toContain('appProtocol: kubernetes.io/h2c }');
  });

  it('is refused for nginx', () => {
    expect(() => http2('nginx', '2')).toThrow(UserError);
    expect(() => http2('nginx', '2')).toThrow(/^balancer.http: nginx before 1.29.4/);
  });
});
