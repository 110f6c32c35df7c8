import { describe, expect, it } from 'vitest';
import type { VariantResult } from '../../result/document.ts';
import type { ConnectionFigures } from '../../result/measure/connection-figures.ts';
import type { EffectiveLoad } from '../../result/settings.ts';
import { page } from '../format/html/page.ts';
import { markdown } from '../format/markdown.ts';
import { headline } from '../format/text.ts';
import { type Model, modelOf } from '../model.ts';
import { changed, distributionOf, documentOf, EVEN } from '../sample-document.case.ts';
import { transports } from '../table/transports.ts';
import { transportFindings } from './transports.ts';

/** How the calls of an invented variant travel. */
interface Way {
  readonly name: string;
  readonly medianUs?: number;
  readonly base?: string;
  readonly load?: Partial<EffectiveLoad>;
  readonly http?: '1.1' | '2';
  readonly handshakeUs?: number;
  readonly resumed?: boolean;
  readonly measured?: number;
  /** Connections that were open at most. */
  readonly most?: number;
}

const PLAIN: Way = { name: 'plain', medianUs: 1000 };
const TLS: Way = { name: 'tls', medianUs: 1500, base: 'plain', handshakeUs: 2000 };
const HTTP2: Way = { ...TLS, name: 'h2', medianUs: 1200, base: 'tls', http: '2', load: { http: '2' } };
const COLD: Way = {
  ...TLS,
  name: 'cold',
  medianUs: 4000,
  base: 'tls',
  handshakeUs: 2000,
  measured: 4000,
  load: { perConnection: 1, tls: { resume: false } },
};
const RESUMED: Way = {
  ...COLD,
  name: 'resumed',
  base: 'cold',
  handshakeUs: 800,
  resumed: true,
  load: { perConnection: 1 },
};

const LOAD: EffectiveLoad = {
  shape: { kind: 'rate', perSecond: 400 },
  arrivals: 'poisson',
  warmupUs: 2e6,
  durationUs: 10e6,
  agents: 64,
  connections: 64,
  timeoutUs: 5e6,
  driver: 'wire',
  workers: 1,
  maxInFlight: 10_000,
  checkIds: true,
};

function figuresOf({ http = '1.1', handshakeUs, resumed = false, measured = 0 }: Way): ConnectionFigures {
  const timed = measured > 0 ? measured : 64;
  const times = (us: number) => distributionOf(Array.from({ length: timed }, () => us));
  return {
    before: 64,
    measured,
    http: { [http]: 64 + measured },
    handshakes: handshakeUs === undefined ? 0 : timed,
    resumed: resumed ? timed : 0,
    resumedShare: handshakeUs === undefined ? null : Number(resumed),
    connect: times(150),
    handshake: handshakeUs === undefined ? null : times(handshakeUs),
    // Results of earlier versions do not have it.
    ...(http === '2' && { resent: 2 }),
  };
}

function model(
  ways: readonly Way[],
  repetitions = 3,
  change: (one: VariantResult) => VariantResult = (one) => one,
): Model {
  const behaviours = ways.map(({ name, medianUs = 1000 }) => ({
    name,
    medianUs,
    era: 'stateless' as const,
    policy: 'round-robin',
    ownerHit: 1,
    weights: EVEN,
  }));
  const document = changed(documentOf(behaviours, repetitions), (variant, place) => {
    const way = ways[place]!;
    const connections = figuresOf(way);
    return change({
      ...variant,
      ...(way.base !== undefined && { base: way.base }),
      settings: {
        ...variant.settings,
        effective: {
          load: { ...LOAD, ...way.load },
          fleet: null,
          balancer: { engine: 'haproxy', policy: 'round-robin' },
        },
      },
      summary: variant.summary && { ...variant.summary, connections },
      repetitions: variant.repetitions.map((one) => ({
        ...one,
        connections,
        generator: { ...one.generator, connections: way.most ?? 64 },
      })),
    });
  });
  return modelOf(document);
}

const texts = (...given: Parameters<typeof model>): readonly string[] =>
  transportFindings(model(...given)).map(({ text }) => text);

describe('what is said of transports', () => {
  it('is what TLS costs, with the interval of the comparison', () => {
    expect(texts([PLAIN, TLS])).toEqual([
      expect.stringMatching(
        /^TLS costs time in “tls” against “plain”: p50 response time 1\.\d+ ms against 1\.\d+ ms \(1\.\d+x \[1\.\d+, 1\.\d+\]\)\.$/,
      ),
    ]);
  });

  it.each<[string, Partial<Way>, RegExp | undefined]>([
    [
      'most calls',
      { measured: 11_936 },
      /^“plain”: connections did not last\. [\d,]+ connections were opened in the measured time in place of others that had ended, for 12,000 calls\. Each took 0\.15 ms \(p50\)/,
    ],
    ['a few calls', { measured: 300 }, undefined],
    ['no call, where the pool grew', { measured: 9000, most: 4000 }, undefined],
    ['most calls, as its settings ask', { measured: 11_936, load: { perConnection: 1 } }, undefined],
  ])('is that connections were opened again for %s', (_, way, words) => {
    const found = texts([{ ...PLAIN, ...way }]).filter((text) => text.includes('did not last'));
    expect(found).toEqual(words === undefined ? [] : [expect.stringMatching(words)]);
  });

  it('is what HTTP/2 saves against HTTP/1.1 over TLS', () => {
    expect(texts([PLAIN, TLS, HTTP2])[1]).toMatch(/^HTTP\/2 saves time in “h2” against “tls”: .* \(0\.\d+x /);
  });

  it('is what a new connection per call costs, with and without resumption', () => {
    const [, cold, handshakes, ...times] = texts([PLAIN, TLS, COLD, RESUMED]);
    expect(cold).toMatch(/^A new connection per call costs time in “cold” against “tls”: /);
    expect(handshakes).toMatch(
      /^Handshakes of TLS under load: p50 0\.80 ms in “resumed” \(all sessions resumed\) against 2\.00 ms in “cold” \(no session resumed\) \(0\.40x /,
    );
    expect(times).toEqual([
      'A connection of “cold” that was opened under load took 0.15 ms until TCP was up and 2.00 ms more for the handshake of TLS (p50 of 4,000 connections, no session resumed).',
      'A connection of “resumed” that was opened under load took 0.15 ms until TCP was up and 0.80 ms more for the handshake of TLS (p50 of 4,000 connections, all sessions resumed).',
      '“cold”: 4,000 connections for 12,000 calls were opened in the measured time; 8,000 went over connections that were open before, and the response times are of both together.',
      '“resumed”: 4,000 connections for 12,000 calls were opened in the measured time; 8,000 went over connections that were open before, and the response times are of both together.',
    ]);
  });

  it('is without an interval where repetitions are too few, and claims nothing', () => {
    expect(texts([PLAIN, TLS], 2)).toEqual([
      expect.stringMatching(
        /^TLS makes no difference that is certain .*, with too few repetitions for an interval\.$/,
      ),
    ]);
  });

  it.each<[string, (one: VariantResult) => VariantResult]>([
    ['something else differs as well', (one) => (one.name === 'tls' ? withLoad(one, { agents: 5 }) : one)],
    [
      'the targets differ',
      (one) => ({ ...one, settings: { ...one.settings, target: `https://${one.name}` } }),
    ],
    ['settings are not known', (one) => ({ ...one, settings: { ...one.settings, effective: undefined } })],
  ])('is nothing of two variants where %s', (_, change) => {
    expect(texts([PLAIN, TLS], 3, change)).toEqual([]);
  });

  it('is nothing of two transports that differ in several things', () => {
    expect(texts([PLAIN, { ...HTTP2, base: 'plain' }])).toEqual([]);
  });

  it('is nothing where all is plain HTTP/1.1 on kept connections', () => {
    const plain = model([PLAIN, { ...PLAIN, name: 'other', medianUs: 1500, measured: 3 }]);
    expect(transportFindings(plain)).toEqual([]);
    expect(transports.table(plain).rows).toEqual([]);
  });
});

describe('the table of connections', () => {
  it('has all variants as soon as one has something to say', () => {
    expect(transports.table(model([PLAIN, HTTP2, RESUMED])).rows).toEqual([
      ['plain', '1.1', 'no', '64', '0', '0.15', '–', '–', '–', '–'],
      ['h2', '2', 'yes', '64', '0', '0.15', '2.00', '–', '0', '2'],
      ['resumed', '1.1', 'yes', '64', '4,000', '0.15', '0.80', '0.80', '100', '–'],
    ]);
  });

  it('is in every format', async () => {
    const full = model([PLAIN, TLS]);
    const texts = [headline(full), await page(full), String((await markdown(full)).files[0]!.content)];
    for (const text of texts) expect(text).toContain('handshake p50 ms');
    const plain = model([PLAIN]);
    for (const text of [headline(plain), await page(plain)]) expect(text).not.toContain('handshake p50 ms');
  });
});

function withLoad(one: VariantResult, load: Partial<EffectiveLoad>): VariantResult {
  const { effective } = one.settings;
  return { ...one, settings: { ...one.settings, effective: { ...effective!, load: { ...LOAD, ...load } } } };
}
