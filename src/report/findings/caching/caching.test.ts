import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../../result/document.ts';
import type { CacheFigures } from '../../../result/measure/cache-figures.ts';
import { modelOf } from '../../model.ts';
import { cacheDocument, changes, gateway, herds, oneCache, SWEEP, sweep } from '../../sample-caching.case.ts';
import { demo } from '../../sample-document.case.ts';
import { cachingFaults, cachingFindings } from '../caching.ts';

const allOf = (document: ResultDocument) => {
  const model = modelOf(document);
  return [...cachingFaults(model), ...cachingFindings(model)];
};
const textsOf = (document: ResultDocument, tone?: string): readonly string[] =>
  allOf(document)
    .filter((one) => tone === undefined || one.tone === tone)
    .map(({ text }) => text);

const sentence = (document: ResultDocument, part: string): string | undefined =>
  textsOf(document).find((text) => text.includes(part));

/** No cache against 5 s, with the figures of the latter changed. */
const changing = (change: (cache: CacheFigures) => Partial<CacheFigures>): ResultDocument =>
  cacheDocument([SWEEP[0]!, SWEEP[3]!], (cache, place) =>
    place === 0 ? cache : { ...cache, ...change(cache) },
  );

/** The same with hints of `tools/list` in all variants. */
const hinted = (hints: Partial<CacheFigures['byMethod'][string]>): ResultDocument =>
  cacheDocument([SWEEP[0]!, SWEEP[3]!], (cache) => ({
    ...cache,
    byMethod: { 'tools/list': { ...cache.byMethod['tools/list']!, ...hints } },
  }));

describe('findings about caching', () => {
  it('are none where no result can be kept', () => {
    expect(allOf(demo())).toEqual([]);
  });

  it('of a healthy run warn of nothing', () => {
    for (const document of [oneCache(), sweep()]) {
      expect(textsOf(document, 'bad')).toEqual([]);
      expect(textsOf(document, 'warning')).toEqual([]);
    }
  });
});

describe('the gain', () => {
  it('has the requests that the origin is spared, with an interval, the times and the age', () => {
    const said = sentence(oneCache(), 'saves 9')!;
    expect(said).toMatch(
      /^Caching tools\/list for 5 s saves 9\d % of the lists at the origin \(\d\.\d+ instead of 72\.0\/s, \d+\.\d to \d+\.\d fewer at 95 %\); /,
    );
    expect(said).toContain('lists take 12 us instead of 2.1 ms at the median');
    expect(said).toMatch(/the oldest result given was (5|4\.\d+) s old\.$/);
  });

  it('claims nothing that is not certain', () => {
    const none = { base: 72, value: 71.4, low: -2, high: 0.8 };
    const said = sentence(
      changing(({ gain }) => ({
        gain: { ...gain!, originPerSecond: none, callP50Us: none, callP99Us: none },
      })),
      'no certain difference to the lists',
    )!;
    expect(said).toContain('71.4 instead of 72.0/s, -0.80 to 2.00 fewer at 95 %');
    expect(said).toContain('no difference in other calls is certain');
    expect(said).not.toContain('saves');
  });

  it('of too few repetitions has no interval', () => {
    const document = changing(({ gain }) => ({
      gain: { ...gain!, originPerSecond: { base: 72, value: 6, low: null, high: null } },
    }));
    expect(sentence(document, 'saves 92 %')).toContain(
      '(6.00 instead of 72.0/s, too few repetitions for an interval)',
    );
  });

  it('of many variants is one sentence', () => {
    expect(sentence(sweep(), 'per second that reach the origin')).toMatch(
      /^Caching tools\/list saves 4\d % \(“ttl 250 ms”\), 7\d % \(“ttl 1 s”\), 9\d % \(“ttl 5 s”\) and 98 % \(“ttl 30 s”\) of the 72\.0 lists per second/,
    );
  });
});

describe('the recommendation', () => {
  it('is the smallest lifetime that is nearly as good as the best, and says how it is known', () => {
    const said = textsOf(sweep()).filter((text) => text.includes('smallest ttlMs'));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /for tools\/list within 2 % of the best saving is 8 s \(it saves 97 % of the lists, the best 98 %\)/,
    );
    expect(said[0]).toContain(
      'by replaying the calls of this run, and holds for its rate and its length of 20 s',
    );
  });

  it('says on how many calls it stands where they are few', () => {
    const of = (calls: number): string | undefined =>
      sentence(
        cacheDocument([SWEEP[0]!, SWEEP[3]!], (cache) => ({
          ...cache,
          byMethod: { 'tools/list': { ...cache.byMethod['tools/list']!, calls } },
        })),
        'smallest ttlMs',
      );
    expect(of(37)).toMatch(/of 20 s\. These are 37 calls, too few for more than a rough figure\.$/);
    expect(of(400)).toMatch(/of 20 s\.$/);
  });

  it('is bounded by the staleness that the user accepts', () => {
    const document = cacheDocument([SWEEP[0]!, SWEEP[3]!].map((one) => ({ ...one, maxStaleMs: 2000 })));
    expect(sentence(document, 'cache.maxStale')).toMatch(
      /^The bound of 2 s \(cache\.maxStale\) leaves a ttlMs of 2 s/,
    );
  });

  it('is not given where nothing could be saved', () => {
    expect(
      sentence(
        cacheDocument([SWEEP[0]!], (cache) => ({ ...cache, recommendation: null })),
        'ttlMs for',
      ),
    ).toBeUndefined();
  });
});

describe('measured, replayed and expected hit ratios', () => {
  it('agree', () => {
    expect(textsOf(sweep(), 'good').some((text) => text.startsWith('Measured hit ratios differ'))).toBe(true);
  });

  it('that do not agree are a warning with the variant', () => {
    const document = cacheDocument(SWEEP, (cache, place) =>
      place === 2 ? { ...cache, hitRatio: cache.hitRatio! - 0.05 } : cache,
    );
    expect(textsOf(document, 'warning').join()).toMatch(
      /from the replay by at most [45]\.\d points \(“ttl 1 s”\)/,
    );
  });

  it('are not compared where entries became stale before their end', () => {
    expect(
      sentence(
        changing(() => ({ invalidated: 3 })),
        'Measured hit ratios',
      ),
    ).toBeUndefined();
  });
});

describe('a change of the catalogue', () => {
  it('without notification has what was old, for how long, and the last agent', () => {
    expect(sentence(changes(), '“told by nobody”: after')).toMatch(
      /after the change of tools at 8 s, the old version was in \d+ of 8\d\d results \(\d+ %\), at last 4\.\d+ s later; the last of 24 agents had the new version after 5\.\d+ s; the servers told nobody\.$/,
    );
  });

  it('with notification has the fan-out', () => {
    const said = sentence(changes(), '“told of changes”: after')!;
    expect(said).toContain('no result had the old version');
    expect(said).toMatch(/24 notifications reached agents, after 8\.\d+ ms at the median/);
  });

  it('that a lifetime does not explain is bad, and comes first', () => {
    const late = cacheDocument([{ ...SWEEP[3]!, change: { atMs: 8000, confirmedMs: 20 } }], (cache) => ({
      ...cache,
      changes: cache.changes.map((each) => ({ ...each, lastOldMs: 9000 })),
    }));
    const [first] = allOf(late);
    expect(first).toMatchObject({ tone: 'bad' });
    expect(first!.text).toContain('at last 9 s later, longer than a ttlMs of 5 s explains');
  });

  it('is told with the calls that failed because of it', () => {
    expect(textsOf(changes(), 'bad')).toEqual([
      expect.stringMatching(
        /^Because the list of their agent was older .*: \d+ calls of “told by nobody”\.$/,
      ),
    ]);
  });
});

describe('herds', () => {
  it('have rate, ratio and time, and a flatter one less', () => {
    const said = sentence(herds(), 'in bursts')!;
    expect(said).toMatch(/up to 640\/s, 20\.0 times the mean, with “no protection” \(at 0 s\)/);
    const jitter = /([\d.]+) times the mean, with “jitter/.exec(said)!;
    expect(Number(jitter[1])).toBeLessThan(20);
  });

  it('say what calls took meanwhile, where enough of them were timed', () => {
    const document = herds();
    const atPeak = { atMs: 0, p99Us: 45_000, otherP99Us: 9000 };
    const variants = document.variants.map((variant) => {
      const { name, summary } = variant;
      return name === 'no protection'
        ? { ...variant, summary: { ...summary!, cache: { ...summary!.cache!, atPeak } } }
        : variant;
    });
    const changed = { ...document, variants };
    expect(sentence(changed, 'in bursts')).toContain(
      'with “no protection” (at 0 s, where calls take 45 ms at p99 and 9 ms elsewhere)',
    );
  });

  it('are not seen in what chance alone gathers', () => {
    expect(sentence(cacheDocument(SWEEP.slice(0, 3)), 'in bursts')).toBeUndefined();
  });
});

describe('hints', () => {
  it('of 0 everywhere say that caching is off', () => {
    expect(sentence(hinted({ ttlForms: { zero: 90 } }), 'caching is off')).toBe(
      'Every answer to tools/list says ttlMs 0: caching is off, whatever clients do.',
    );
  });

  it('of 0 in one variant are told of that one', () => {
    const document = cacheDocument(SWEEP.slice(0, 2), (cache, place) =>
      place === 0
        ? cache
        : {
            ...cache,
            byMethod: { 'tools/list': { ...cache.byMethod['tools/list']!, ttlForms: { zero: 9 } } },
          },
    );
    expect(sentence(document, 'kept nothing')).toContain('“ttl 250 ms”');
    expect(sentence(document, 'caching is off')).toBeUndefined();
  });

  it.each([
    [
      { ttlForms: { absent: 3, ok: 87 } },
      'Of 90 answers to tools/list: 3 without ttlMs, which may not be kept.',
    ],
    [{ ttlForms: { negative: 2 } }, '2 with a negative ttlMs'],
    [{ ttlForms: { fractional: 2 } }, 'which is rounded down'],
    [{ ttlForms: { clamped: 2 } }, 'counts as 24 h'],
    [{ scopes: { absent: 4 } }, '4 without cacheScope, which counts as private'],
  ])('%j are told with what follows', (hints, said) => {
    expect(textsOf(hinted(hints), 'warning').join()).toContain(said);
  });
});

describe('a gateway', () => {
  it('that answers from its cache leaves the check out, and says so', () => {
    const said = textsOf(gateway(), 'warning');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^“kept by the gateway”: the gateway answered [\d,]+ calls from its cache, and no instance checked the token/,
    );
  });

  it('without a check has nothing to leave out', () => {
    const document = cacheDocument([SWEEP[0]!, { ...SWEEP[2]!, at: 'gateway', scope: 'public' }]);
    expect(textsOf(document, 'warning')).toEqual([]);
  });

  it('keeps private results once for each token, though all are alike', () => {
    const document = cacheDocument([SWEEP[0]!, { ...SWEEP[2]!, at: 'gateway', scope: 'private' }]);
    expect(textsOf(document, 'warning').join()).toContain('As public results, all callers would share one.');
  });
});

describe('streams', () => {
  it('are counted, and their losses are a warning', () => {
    expect(sentence(changes(), 'subscriptions/listen')).toContain('24 streams (subscriptions/listen) held');
    const lost = changing(() => ({
      subscriptions: {
        ...{ held: 24, refused: 1, reduced: 0, lost: 3, reopened: 2 },
        ...{ notifications: 9, misaddressed: 0 },
      },
    }));
    expect(textsOf(lost, 'warning').join()).toContain('1 was refused and 3 were lost and 2 opened anew');
  });
});
