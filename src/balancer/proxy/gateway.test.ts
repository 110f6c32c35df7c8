import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createGuard } from '../../guard/create-guard.ts';
import { denialBody } from '../../guard/denial.ts';
import type { Guard, GuardedRequest } from '../../guard/guard.ts';
import { NOW, RESOURCE, TestAuthority } from '../../guard/modes/authority.case.ts';
import { GATEWAY_HEADER } from '../../guard/modes/gateway-header.ts';
import { scratch } from '../../units/scratch.case.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { INSTANCE_HEADER } from '../topology.ts';
import { gateway } from './gateway.ts';
import { ask, atEnd, proxyTo, RawClient, upstream } from './peers.case.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const CALL = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'echo', _meta: { traceparent: TRACE } },
});
const MCP = 'mcp-method: tools/call\r\nmcp-name: echo\r\n';
const METADATA = '/.well-known/oauth-protected-resource';

let authority: TestAuthority;
beforeAll(async () => {
  authority = await TestAuthority.start('ES256');
});
afterAll(() => authority.stop());

/** A guard at the time of the tokens, of the gateway or of an instance; and its audit log so far. */
async function guardOf(isGateway: boolean) {
  const clock = new VirtualClock();
  clock.advance(NOW * 1e6);
  const auditFile = join(scratch(), 'audit.jsonl');
  const instance = isGateway ? 'balancer' : 'i0';
  const authentication = authority.input('gateway');
  const guard = await createGuard(
    { instance, isGateway, authentication, policy: { kind: 'none' }, auditFile },
    clock,
  );
  atEnd(() => guard.stop());
  await guard.ask({ kind: 'resource', url: RESOURCE });
  const records = async () => {
    await guard.ask({ kind: 'flush' });
    return readFileSync(auditFile, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  };
  return { guard, records };
}

/** A gateway, whose checks begin after `delay`, before one instance that checks what it is sent; `seen` has the fields of the requests that reached it. */
async function fleet(delay?: Promise<void>) {
  const [front, back] = [await guardOf(true), await guardOf(false)];
  const seen: Readonly<Record<string, unknown>>[] = [];
  const instance = await upstream(async (request, response) => {
    seen.push(request.headers);
    request.resume();
    if (request.url!.startsWith(METADATA)) return void response.end(back.guard.metadata());
    const guarded: GuardedRequest = {
      httpMethod: request.method!,
      header: (name) => request.headers[name] as string | undefined,
      operation: { method: 'tools/call', name: 'echo' },
    };
    const decision = await back.guard.check(guarded);
    if (decision.kind === 'denied') response.writeHead(decision.status).end(denialBody(decision));
    else
      response
        .writeHead(200, { [INSTANCE_HEADER]: 'i0', 'server-timing': 'auth;dur=0.010' })
        .end(`actor ${decision.identity!.actor}.`);
  });
  let asked = 0;
  const check: Guard['check'] = (request) => {
    asked += 1;
    return delay === undefined ? front.guard.check(request) : delay.then(() => front.guard.check(request));
  };
  const { handOver } = front.guard;
  const gate = gateway({ check, ...(handOver && { handOver }) }, '/mcp');
  const proxy = await proxyTo([instance.port], 'round-robin', { gate });
  return { proxy, instance, seen, front, back, asked: () => asked };
}

const tokenOf = (changes: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  authority.jwt(authority.claims(changes));
const bearer = async (changes = {}): Promise<string> =>
  `${MCP}authorization: Bearer ${await tokenOf(changes)}\r\n`;

/** The header by which the gateway hands a caller on. */
async function handedOver(): Promise<string> {
  const { proxy, seen } = await fleet();
  await new RawClient(proxy.port).send(ask(CALL, await bearer())).until('actor');
  return seen[0]![GATEWAY_HEADER] as string;
}

describe('the gateway', () => {
  it('hands a caller with a good token on to the instance, which never sees the token', async () => {
    const { proxy, seen, front, back } = await fleet();
    const text = await new RawClient(proxy.port).send(ask(CALL, await bearer())).until('actor agent-1.');
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(seen).toHaveLength(1);
    expect(seen[0]).not.toHaveProperty('authorization');
    expect(seen[0]).toMatchObject({ 'mcp-method': 'tools/call', [GATEWAY_HEADER]: expect.any(String) });
    // One record of the call: the instance has it, the gateway leaves it to the instance.
    expect(await front.records()).toEqual([]);
    expect(await back.records()).toMatchObject([{ instance: 'i0', decision: 'allow', actor: 'agent-1' }]);
  });

  it('says how long its check took in a field of its own, beside that of the instance', async () => {
    const { proxy } = await fleet();
    const text = await new RawClient(proxy.port).send(ask(CALL, await bearer())).until('actor');
    expect(text.match(/^server-timing: .*/gm)).toEqual([
      'server-timing: auth;dur=0.010',
      expect.stringMatching(/^server-timing: auth;dur=\d+\.\d{3}$/),
    ]);
  });

  it.each<[string, () => Promise<string>, string]>([
    ['no token', async () => MCP, 'missing'],
    ['an expired token', () => bearer({ exp: NOW - 60 }), 'expired'],
    ['a token for another resource', () => bearer({ aud: 'http://127.0.0.1:1/mcp' }), 'wrong-audience'],
    ['two tokens', async () => (await bearer()) + (await bearer()), 'malformed'],
    [
      'the header of the gateway and no token',
      async () => `${MCP}${GATEWAY_HEADER}: ${await handedOver()}\r\n`,
      'missing',
    ],
  ])('refuses %s itself, with a challenge and a record, and forwards nothing', async (_, fields, reason) => {
    const { proxy, seen, front, back } = await fleet();
    const text = await new RawClient(proxy.port).send(ask(CALL, await fields())).until('"}');
    expect(text).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(text).toMatch(
      /^www-authenticate: Bearer .*resource_metadata="http:\/\/127\.0\.0\.1:8080\/\.well-known\/oauth-protected-resource\/mcp"/m,
    );
    expect(text).toMatch(/^server-timing: auth;dur=\d+\.\d{3}\r$/m);
    expect(text).toContain('{"error":"invalid_token"');
    expect(text).not.toContain(INSTANCE_HEADER);
    expect(seen).toEqual([]);
    expect(proxy.stats()).toMatchObject({ ownAnswers: 1, upstreams: [{ requests: 0 }] });
    expect(await front.records()).toMatchObject([
      {
        instance: 'balancer',
        decision: 'deny',
        reason,
        traceparent: TRACE,
        method: 'tools/call',
        tool: 'echo',
      },
    ]);
    expect(await back.records()).toEqual([]);
  });

  it('does not pass on the header that a client sends under the name of the gateway', async () => {
    const forged = await handedOver();
    const { proxy, seen } = await fleet();
    const fields = `${await bearer({ sub: 'honest' })}Paceline-Identity: ${forged}\r\n`;
    await new RawClient(proxy.port).send(ask(CALL, fields)).until('actor honest.');
    expect(seen[0]![GATEWAY_HEADER]).not.toContain(forged);
  });

  it.each<[string, () => Promise<string>]>([
    ['without a token', async () => MCP],
    ['with a good token', () => bearer()],
    ['with a forged header', async () => `${MCP}${GATEWAY_HEADER}: e30.c2lnbmVk\r\n`],
    [
      'with a header that was signed for another caller, and changed',
      async () => `${MCP}${GATEWAY_HEADER}: x${await handedOver()}\r\n`,
    ],
  ])('is the only way to an instance: reached directly %s, that refuses', async (_, fields) => {
    const { instance, back } = await fleet();
    const text = await new RawClient(instance.port).send(ask(CALL, await fields())).until('"}');
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(await back.records()).toMatchObject([{ decision: 'deny', reason: 'not-by-gateway' }]);
  });

  it('answers pipelined requests in their order', async () => {
    const { proxy, seen } = await fleet();
    const requests = await Promise.all(
      ['a', 'b', undefined, 'c'].map(async (sub) =>
        ask(CALL, sub === undefined ? MCP : await bearer({ sub })),
      ),
    );
    const text = await new RawClient(proxy.port).send(requests.join('')).until('actor c.');
    expect(text.match(/actor \w|HTTP\/1\.1 401/g)).toEqual(['actor a', 'actor b', 'HTTP/1.1 401', 'actor c']);
    expect(seen).toHaveLength(3);
  });

  it('forgets a client that leaves during the check', async () => {
    let begin = (): void => {};
    const delay = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const { proxy, seen, asked } = await fleet(delay);
    const client = new RawClient(proxy.port).send(ask(CALL, await bearer()));
    await vi.waitFor(() => expect(asked()).toBe(1));
    client.socket.destroy();
    await vi.waitFor(() => expect(proxy.stats().cancelled).toBe(1));
    begin();
    const other = new RawClient(proxy.port).send(ask(CALL, await bearer({ sub: 'later' })));
    await other.until('actor later.');
    expect(seen).toHaveLength(1);
    expect(proxy.stats().upstreams[0]).toMatchObject({ requests: 1, inFlight: 0 });
  });

  it.each([`${METADATA}/mcp`, METADATA])('lets the metadata at %s be read without a token', async (path) => {
    const { proxy, seen } = await fleet();
    const request = `GET ${path} HTTP/1.1\r\nhost: a\r\n${GATEWAY_HEADER}: forged\r\nauthorization: Bearer t\r\n\r\n`;
    const text = await new RawClient(proxy.port).send(request).until(']}');
    expect(text).toContain(`{"resource":"${RESOURCE}"`);
    expect(seen[0]).not.toHaveProperty('authorization');
    expect(seen[0]).not.toHaveProperty(GATEWAY_HEADER);
  });

  it('lets nothing else pass as metadata', async () => {
    const { proxy, seen } = await fleet();
    const client = new RawClient(proxy.port);
    for (const line of [
      `POST ${METADATA}`,
      `GET ${METADATA}/../mcp`,
      `GET ${METADATA}x`,
      `GET /mcp?${METADATA}`,
    ])
      client.send(`${line} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n`);
    const text = await client.until('"}', 4);
    expect(text.match(/HTTP\/1\.1 401/g)).toHaveLength(4);
    expect(seen).toEqual([]);
  });
});
