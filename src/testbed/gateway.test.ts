import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AuditJoinOptions, joinAudit } from '../audit/join.ts';
import { startBalancer } from '../balancer/balancer.ts';
import type { GuardInput } from '../guard/guard.ts';
import { TestAuthority } from '../guard/modes/authority.case.ts';
import { type Child, startChild } from '../process/child.ts';
import { completeOffer } from '../profile/section/offer.ts';
import { traceContexts } from '../protocol/trace.ts';
import { SENT, type SentLog } from '../recording/sent-log.ts';
import { TOOLS } from '../server/ask.case.ts';
import { type InstanceInput, type InstanceReady, MCP_PATH } from '../server/instance.ts';
import { serverModule } from '../server/programs.ts';
import { scratch } from '../units/scratch.case.ts';
import { auditFileOf } from './audit-files.ts';

const SEED = 5;
const traces = traceContexts(SEED);
const FLUSH = { kind: 'flush' } as const;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Makes call `seq` with `token`, and the header of the gateway if there is one. */
function call(url: string, seq: number, token: string | undefined, identity?: string): Promise<Response> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    traceparent: traces.of(seq),
  };
  return fetch(url, {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'echo',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(identity !== undefined && { 'paceline-identity': identity }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: seq,
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: 'a' }, _meta },
    }),
  });
}

/** Passes calls on to `target` under its own name: it executes, and another one has authenticated. */
async function relay(id: string, target: string): Promise<{ readonly id: string; readonly url: string }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { host: _, connection: __, ...headers } = request.headers;
    const body = Buffer.concat(chunks);
    const answer = await fetch(target, { method: 'POST', headers: headers as Record<string, string>, body });
    response.writeHead(answer.status, { 'content-type': 'application/json', 'x-served-by': id });
    response.end(await answer.text());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => server.close());
  return { id, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${MCP_PATH}` };
}

describe('a fleet behind a gateway', () => {
  let authority: TestAuthority;
  beforeAll(async () => {
    authority = await TestAuthority.start('ES256');
  });
  afterAll(() => authority.stop());

  /** An access token for `resource` that expires in ten minutes, or has expired. */
  const tokenFor = (resource: string, scope: string, expiresInSeconds = 600): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return authority.jwt(
      authority.claims({ aud: resource, scope, iat: now - 900, exp: now + expiresInSeconds }),
    );
  };

  /** The instances `ids`; the balancer knows what is `planted` as one more. */
  async function start(
    ids: readonly string[],
    planted?: (first: string) => Promise<{ id: string; url: string }>,
  ) {
    const folder = scratch();
    const files: AuditJoinOptions['files'] = ['balancer', ...ids].map((name) => ({
      path: auditFileOf(folder, name),
    }));
    const guardOf = (instance: string): GuardInput => ({
      instance,
      isGateway: instance === 'balancer',
      authentication: authority.input('gateway'),
      policy: instance === 'balancer' ? { kind: 'none' } : { kind: 'scopes', requires: {} },
      auditFile: auditFileOf(folder, instance),
    });
    const children: Child<InstanceReady>[] = [];
    for (const [index, id] of ids.entries()) {
      const input: InstanceInput = {
        id,
        index,
        seed: 1,
        tools: TOOLS,
        offer: completeOffer(TOOLS),
        guard: guardOf(id),
      };
      const module = serverModule({ server: 'lean', era: 'stateless' });
      const child = await startChild<InstanceReady>({ name: id, module, input, readyWithinUs: 30e6 });
      cleanUps.push(() => child.stop());
      children.push(child);
    }
    const urls = children.map(({ ready }) => `http://127.0.0.1:${ready.port}${MCP_PATH}`);
    const own = ids.map((id, index) => ({ id, url: urls[index]! }));
    const others = planted === undefined ? [] : [await planted(urls[0]!)];
    const balancer = await startBalancer({
      settings: { engine: 'embedded', policy: 'round-robin' },
      upstreams: [...own, ...others],
      seed: 1,
      guard: guardOf('balancer'),
    });
    cleanUps.push(() => balancer.stop());
    for (const child of children) await child.ask({ kind: 'resource', url: balancer.url });
    const audit = async (sent: SentLog) => {
      await Promise.all([balancer.ask!(FLUSH), ...children.map((child) => child.ask(FLUSH))]);
      return joinAudit({ files, sent, seed: SEED });
    };
    const stop = async () => {
      for (const process of [balancer, ...children]) await process.stop();
    };
    return { url: balancer.url, direct: urls[0]!, files, audit, stop };
  }

  /** Makes a call with each of `tokens`, numbered from `first` on; what became of them. */
  async function load(url: string, tokens: readonly (string | undefined)[], first = 0): Promise<SentLog> {
    const names = ['1', '2'];
    const answers = await Promise.all(tokens.map((token, at) => call(url, first + at, token)));
    const outcomeOf = (status: number): number =>
      status === 401 ? SENT.unauthorized : status === 403 ? SENT.forbidden : SENT.allowed;
    return {
      outcomes: Uint8Array.from(answers, ({ status }) => outcomeOf(status)),
      instances: Uint8Array.from(
        answers,
        ({ headers }) => names.indexOf(headers.get('x-served-by') ?? '') + 1,
      ),
      names,
    };
  }

  const healthy = {
    missing: 0,
    duplicate: 0,
    contradicting: 0,
    elsewhere: 0,
    unknown: 0,
    withoutTrace: 0,
    executedUnanswered: 0,
    unreadable: 0,
    secrets: 0,
  };

  it('has exactly one record of every call, wherever it was decided, and loses none when its processes stop', async () => {
    const { url, files, audit, stop } = await start(['1', '2']);
    const good = await tokenFor(url, 'tool:echo');
    const narrow = await tokenFor(url, 'tool:other');
    const expired = await tokenFor(url, 'tool:echo', -60);
    const tokens = Array.from({ length: 10 }, () => [good, narrow, expired, undefined]).flat();
    const sent = await load(url, tokens);
    const each = [SENT.allowed, SENT.forbidden, SENT.unauthorized, SENT.unauthorized];
    expect([...sent.outcomes]).toEqual(tokens.map((_, seq) => each[seq % 4]));
    expect(await audit(sent)).toEqual({ ...healthy, records: 40 });
    // Not flushed by anybody.
    const last = await load(url, [good, good, undefined], 40);
    await stop();
    const all = {
      ...sent,
      outcomes: Uint8Array.of(...sent.outcomes, ...last.outcomes),
      instances: Uint8Array.of(...sent.instances, ...last.instances),
    };
    expect(await joinAudit({ files, sent: all, seed: SEED })).toEqual({ ...healthy, records: 43 });
  });

  it('shows that one node authenticates and another executes', async () => {
    const { url, audit } = await start(['1'], (first) => relay('2', first));
    const good = await tokenFor(url, 'tool:echo');
    const sent = await load(
      url,
      Array.from({ length: 20 }, () => good),
    );
    expect(await audit(sent)).toEqual({ ...healthy, records: 20, contradicting: 10, elsewhere: 10 });
  });

  it('refuses whoever reaches an instance directly, with a good token or a forged header', async () => {
    const { url, direct } = await start(['1']);
    const good = await tokenFor(url, 'tool:echo');
    const claims = Buffer.from(JSON.stringify({ client: 'agent', actor: 'agent', scopes: ['tool:*'] }));
    const forged = `${claims.toString('base64url')}.c2lnbmF0dXJl`;
    expect((await call(url, 0, good)).status).toBe(200);
    expect((await call(url, 1, good, forged)).status).toBe(200);
    expect((await call(url, 2, undefined, forged)).status).toBe(401);
    expect((await call(direct, 3, good)).status).toBe(401);
    expect((await call(direct, 4, undefined, forged)).status).toBe(401);
  });
});
