import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { type SimulatedDriver, simulatedDriver } from '../../driver/simulated.case.ts';
import { ERAS, type Era } from '../../profile/kinds.ts';
import type { Request } from '../../protocol/request.ts';
import { UserError } from '../../units/user-error.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import type { LoadAuth } from '../engine/load-auth.ts';
import { type Agents, createAgents } from './agents.ts';
import { Credentials } from './credentials.ts';
import type { CredentialsOptions } from './credentials-layer.ts';
import { Proofs } from './proofs.ts';

type Auth = ConstructorParameters<typeof Credentials>[0] & Pick<LoadAuth, 'url'>;

const KEY = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as Record<string, unknown>;
const ALONE = { worker: 0, workers: 1 };

function authOf(over: Partial<Auth> = {}): Auth {
  return {
    scheme: 'Bearer',
    identities: [{ name: 'a', agents: 3, expected: ['allow'] }],
    tokens: ['t0', 't1', null],
    perCall: false,
    url: 'http://h/mcp',
    ...over,
  };
}

interface Bench {
  readonly clock: VirtualClock;
  readonly driver: SimulatedDriver;
  readonly agents: Agents;
  readonly credentials: Credentials;
  call(seq: number, agent: number): Promise<void>;
  requests(): readonly Request[];
}

function bench(era: Era, auth: Auth): Bench {
  const clock = new VirtualClock();
  const serverInfo = { name: 'x', version: '1' };
  const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo };
  const opened = { takesUs: 1000, servedBy: '1', sessionId: 's', body: JSON.stringify({ result }) };
  const driver = simulatedDriver(clock, ({ body }) =>
    body.includes('"initialize"') ? opened : { takesUs: 1000, servedBy: '1' },
  );
  const credentials = new Credentials(auth, ALONE);
  const epochMs = (): number => clock.date().getTime();
  const options: CredentialsOptions = {
    credentials,
    ...(auth.scheme === 'DPoP' && { proofs: new Proofs({ ...ALONE, auth, seed: 1, epochMs }) }),
  };
  const agents = createAgents({
    era,
    traced: true,
    calls: [{ name: 'tools/list', method: 'tools/list', weight: 1 }],
    seed: 1,
    driver,
    headers: { 'X-All': 'same' },
    timeoutUs: 5e6,
    now: () => clock.now(),
    measureFromUs: 0,
    credentials: options,
  });
  return {
    clock,
    driver,
    agents,
    credentials,
    async call(seq, agent) {
      agents.of(agent).call({ seq, dueUs: 0, agent, call: 0 }, () => undefined);
      await clock.run();
    },
    requests: () => [...driver.sent, ...driver.streams].map(({ request }) => request),
  };
}

function headerOf({ head }: Request, name: string): string | undefined {
  const values = head.headers.filter((_, at) => at % 2 === 1 && head.headers[at - 1] === name);
  expect(values.length).toBeLessThan(2);
  return values[0];
}

const tokensOf = (requests: readonly Request[]): readonly (string | undefined)[] =>
  requests.map((request) => headerOf(request, 'Authorization'));

describe.each(ERAS)('the token of an agent (%s)', (era) => {
  /** A call alone, or the handshake, the call, the stream and the end of a session. */
  const requestsPerAgent = era === 'stateless' ? 1 : 5;

  it('is in each of its requests, those of its session as well', async () => {
    const { agents, clock, call, requests } = bench(era, authOf({ headers: { 'X-Key': 'k' } }));
    for (const agent of [0, 1, 2]) await call(agent, agent);
    await Promise.all([agents.close(), clock.run()]);
    const tokens = tokensOf(requests());
    expect(tokens).toHaveLength(3 * requestsPerAgent);
    for (const token of ['Bearer t0', 'Bearer t1', undefined])
      expect(tokens.filter((each) => each === token)).toHaveLength(requestsPerAgent);
    for (const request of requests()) {
      expect(headerOf(request, 'X-Key')).toBe('k');
      expect(headerOf(request, 'X-All')).toBe('same');
    }
  });

  it('is the new one after a renewal, and none when it is taken away', async () => {
    const { call, credentials, driver } = bench(era, authOf());
    const last = async (seq: number): Promise<string | undefined> => {
      await call(seq, 0);
      return tokensOf(driver.sent.map(({ request }) => request)).at(-1);
    };
    expect(await last(0)).toBe('Bearer t0');
    credentials.renew([1, 0], ['t8', 't9']);
    expect(await last(1)).toBe('Bearer t9');
    credentials.renew([0], [null]);
    expect(await last(2)).toBeUndefined();
  });

  it('comes with a proof for this request alone, when its scheme is DPoP', async () => {
    const identities = [{ name: 'a', agents: 2, expected: ['allow'], key: KEY }] as const;
    const auth = authOf({ scheme: 'DPoP', identities, tokens: ['t0', 't1'], url: 'http://h/mcp?x=1#y' });
    const { agents, clock, call, requests } = bench(era, auth);
    for (const [seq, agent] of [0, 1, 0].entries()) await call(seq, agent);
    await Promise.all([agents.close(), clock.run()]);
    const proofs = requests().map((request) => {
      const proof = headerOf(request, 'DPoP')!;
      expect(decodeProtectedHeader(proof)).toMatchObject({ typ: 'dpop+jwt', alg: 'EdDSA' });
      const claims = decodeJwt(proof);
      expect(claims).toMatchObject({ htm: request.head.method, htu: 'http://h/mcp' });
      return claims;
    });
    expect(new Set(proofs.map(({ jti }) => jti)).size).toBe(2 * requestsPerAgent + 1);
    expect(new Set(tokensOf(requests()))).toEqual(new Set(['DPoP t0', 'DPoP t1']));
  });

  it('comes with calls that have a trace context', async () => {
    const { call, driver } = bench(era, authOf());
    await call(7, 0);
    const traceOf = ({ body }: Request): unknown => JSON.parse(body).params?._meta?.traceparent;
    const traces = driver.sent.map(({ request }) => traceOf(request)).filter((trace) => trace !== undefined);
    expect(traces).toEqual([expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)]);
  });
});

describe('a token per call', () => {
  const pool = Array.from({ length: 12 }, (_, i) => `t${i}`);
  const identities = [
    { name: 'a', agents: 1, expected: ['allow'] },
    { name: 'b', agents: 2, expected: ['allow'] },
  ] as const;

  it('is the next one of the pool of the identity, and differs between workers', () => {
    const auth = authOf({ identities, tokens: pool, perCall: true });
    const taken = [0, 1].map((worker) => {
      const credentials = new Credentials(auth, { worker, workers: 2 });
      return [0, 1, 2, 0, 1, 2].map((agent) => credentials.next(agent));
    });
    expect(taken[0]).toEqual(['t0', 't4', 't6', 't2', 't8', 't10']);
    expect(taken[1]).toEqual(['t1', 't5', 't7', 't3', 't9', 't11']);
  });

  it('begins the pool again when it is used up', () => {
    const credentials = new Credentials(authOf({ identities, tokens: pool, perCall: true }), ALONE);
    expect([0, 0, 0, 0, 0].map((agent) => credentials.next(agent))).toEqual(['t0', 't1', 't2', 't3', 't0']);
  });
});

describe('what is no token', () => {
  it('is refused before the load, without being quoted', () => {
    fc.assert(
      fc.property(fc.constantFrom('\r\nX-A: b', ' ', 'é', '"', '=x'), (bad) => {
        const create = (): Credentials => new Credentials(authOf({ tokens: [`secret${bad}`] }), ALONE);
        expect(create).toThrow(UserError);
        expect(create).not.toThrow(/secret/);
      }),
    );
  });

  it('is refused as a new one, too', () => {
    expect(() => new Credentials(authOf(), ALONE).renew([0], ['a b'])).toThrow(UserError);
  });
});
