import { describe, expect, it, vi } from 'vitest';
import { INSTANCE_HEADER } from '../topology.ts';
import type { Gate, GateDecision } from './gate.ts';
import { ask, proxyTo, RawClient, upstream } from './peers.case.ts';
import type { ReverseProxy } from './proxy.ts';

const FORWARD: GateDecision = { kind: 'forward' };
const UNAUTHORIZED: GateDecision = {
  kind: 'answer',
  answer: { status: 401, fields: { 'www-authenticate': 'Bearer' }, body: 'who?' },
};

/** A proxy with `gate` before one upstream that says `ok`, and what that upstream was asked. */
async function gated(gate: Gate): Promise<{ proxy: ReverseProxy; asked: string[] }> {
  const asked: string[] = [];
  const { port } = await upstream((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    request.on('end', () => response.end('ok'));
  });
  return { proxy: await proxyTo([port], 'round-robin', { gate }), asked };
}

/** A decision that the test makes. */
function pending(): { gate: Gate; decide(decision: GateDecision): void; asked: Promise<void> } {
  let decide = (_: GateDecision): void => {};
  let onAsked = (): void => {};
  const asked = new Promise<void>((resolve) => {
    onAsked = resolve;
  });
  const gate: Gate = () => {
    onAsked();
    return new Promise((resolve) => {
      decide = resolve;
    });
  };
  return { gate, decide: (decision) => decide(decision), asked };
}

/** Only requests with a token pass. */
const byToken: Gate = ({ fields }) => (fields.authorization === 'Bearer good' ? FORWARD : UNAUTHORIZED);

describe('a gate', () => {
  it('sees the head of every request once, before any upstream', async () => {
    const seen: unknown[] = [];
    const { proxy, asked } = await gated(({ method, target, fields }) => {
      seen.push([method, target, fields.mcpMethod, fields.sessionId, [...asked]]);
      return FORWARD;
    });
    const client = new RawClient(proxy.port);
    await client.send(ask('a', 'mcp-method: tools/call\r\nmcp-session-id: s\r\n')).until('ok');
    await client.send(ask('b', '', 'DELETE')).until('ok', 2);
    expect(seen).toEqual([
      ['POST', '/mcp', 'tools/call', 's', []],
      ['DELETE', '/mcp', undefined, undefined, ['POST /mcp']],
    ]);
  });

  it.each([
    ['at once', byToken],
    ['later', async (...given: Parameters<Gate>) => byToken(...given)],
  ])('that answers %s keeps the request from the upstream, and the connection goes on', async (_, gate) => {
    const { proxy, asked } = await gated(gate);
    const client = new RawClient(proxy.port);
    const good = ask('{}', 'authorization: Bearer good\r\n');
    const text = await client.send(ask('{}') + good + ask('{}')).until('who?', 2);
    expect(text.match(/HTTP\/1\.1 \d+ [A-Za-z]+|who\?|ok$/gm)).toEqual([
      'HTTP/1.1 401 Unauthorized',
      'who?',
      'HTTP/1.1 200 OK',
      'HTTP/1.1 401 Unauthorized',
      'who?',
    ]);
    expect(text).toContain('www-authenticate: Bearer\r\ncontent-length: 4\r\n');
    expect(text.match(new RegExp(INSTANCE_HEADER, 'g'))).toHaveLength(1);
    expect(asked).toEqual(['POST /mcp']);
    expect(proxy.stats()).toMatchObject({ ownAnswers: 2, cancelled: 0, upstreams: [{ requests: 1 }] });
  });

  it('that answers before the body is complete ends the connection', async () => {
    const { proxy, asked } = await gated(byToken);
    const client = new RawClient(proxy.port);
    client.send('POST /mcp HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhalf');
    expect(await client.ended).toBe('end');
    expect(client.text).toMatch(/^HTTP\/1\.1 401 [\s\S]*connection: close\r\n\r\nwho\?$/);
    expect(asked).toEqual([]);
  });

  it('makes the requests that follow wait, and the body too', async () => {
    const first = pending();
    const { proxy, asked } = await gated(first.gate);
    const client = new RawClient(proxy.port);
    client.send('POST /one HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nha');
    await first.asked;
    client.send(`lf${ask('', '', 'GET')}`);
    // Another connection's round trip: what was sent has been read.
    await new RawClient(proxy.port).send('nonsense').ended;
    expect(asked).toEqual([]);
    first.decide(FORWARD);
    await client.until('ok');
    expect(asked).toEqual(['POST /one']);
    await vi.waitFor(() => expect(proxy.stats().upstreams[0]!.inFlight).toBe(0));
  });

  it('that decides when the client has gone decides nothing', async () => {
    const late = pending();
    const { proxy, asked } = await gated(late.gate);
    const client = new RawClient(proxy.port).send(ask('{}'));
    await late.asked;
    client.socket.destroy();
    await vi.waitFor(() => expect(proxy.stats().cancelled).toBe(1));
    late.decide(FORWARD);
    await new RawClient(proxy.port).send('nonsense').ended;
    expect(asked).toEqual([]);
    expect(proxy.stats().upstreams[0]).toMatchObject({ requests: 0, inFlight: 0 });
  });

  it.each<[string, Gate]>([
    [
      'throws',
      () => {
        throw new Error('no keys');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no keys'))],
  ])('that %s is answered 502, and nothing is forwarded', async (_, gate) => {
    const { proxy, asked } = await gated(gate);
    const client = new RawClient(proxy.port);
    const text = await client.send(ask('{}')).until('"}');
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    expect(text).toContain('{"error":"the gate failed: no keys"}');
    await client.send(ask('{}')).until('"}', 2);
    expect(asked).toEqual([]);
  });

  it('takes fields from a request and adds fields to it, and to the answer', async () => {
    const seen: unknown[] = [];
    const { port } = await upstream((request, response) => {
      seen.push(request.rawHeaders);
      request.resume();
      request.on('end', () => response.writeHead(200, { [INSTANCE_HEADER]: 'i0', timing: 'own' }).end('ok'));
    });
    const changes = {
      removed: new Set(['authorization', 'x-caller']),
      added: 'x-caller: known\r\n',
      addedToAnswer: 'timing: gate\r\n',
    };
    const proxy = await proxyTo([port], 'round-robin', { gate: () => ({ kind: 'forward', changes }) });
    const fields = 'X-CALLER: forged\r\nauthorization: Bearer t\r\naccept: */*\r\nx-caller:again\r\n';
    const client = new RawClient(proxy.port);
    const text = await client.send(ask('{}', fields)).until('ok');
    expect(seen).toEqual([['host', 'a', 'accept', '*/*', 'content-length', '2', 'x-caller', 'known']]);
    expect(text.match(/^timing: .*/gm)).toEqual(['timing: own', 'timing: gate']);
    expect(text.match(new RegExp(INSTANCE_HEADER, 'g'))).toHaveLength(1);
  });

  it('changes only the request that it decided about', async () => {
    const seen: unknown[] = [];
    const { port } = await upstream((request, response) => {
      seen.push(request.headers['x-caller']);
      response.end('ok');
    });
    const changes = {
      removed: new Set<string>(),
      added: 'x-caller: known\r\n',
      addedToAnswer: 'x-gate: 1\r\n',
    };
    const proxy = await proxyTo([port], 'round-robin', {
      gate: ({ target }) => (target === '/known' ? { kind: 'forward', changes } : FORWARD),
    });
    const client = new RawClient(proxy.port);
    client.send('GET /known HTTP/1.1\r\nhost: a\r\n\r\nGET /other HTTP/1.1\r\nhost: a\r\n\r\n');
    const text = await client.until('ok', 2);
    expect(seen).toEqual(['known', undefined]);
    expect(text.match(/x-gate/g)).toHaveLength(1);
  });

  it('that is absent forwards everything', async () => {
    const { port } = await upstream((_, response) => response.end('ok'));
    const proxy = await proxyTo([port]);
    await new RawClient(proxy.port).send(ask('{}')).until('ok');
    expect(proxy.stats().ownAnswers).toBe(0);
  });
});
