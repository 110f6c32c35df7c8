import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../protocol/outcome.ts';
import type { ResultDocument } from '../../../result/document.ts';
import type { AuthFigures } from '../../../result/measure/auth-figures.ts';
import { modelOf } from '../../model.ts';
import { authDocument, MODES, modes, oneCheck, plantedFaults } from '../../sample-authorization.case.ts';
import { demo } from '../../sample-document.case.ts';
import { authorizationFaults, authorizationFindings } from '../authorization.ts';
import { findings } from '../findings.ts';

const allOf = (document: ResultDocument) => {
  const model = modelOf(document);
  return [...authorizationFaults(model), ...authorizationFindings(model)];
};
const textsOf = (document: ResultDocument, tone?: string): readonly string[] =>
  allOf(document)
    .filter((one) => tone === undefined || one.tone === tone)
    .map(({ text }) => text);

/** `jwt` against `none`, with figures changed. */
const jwt = (change: (auth: AuthFigures) => Partial<AuthFigures>): ResultDocument =>
  authDocument(MODES.slice(0, 2), (auth, place) => (place === 0 ? auth : { ...auth, ...change(auth) }));

const sentence = (texts: readonly string[], part: string): string | undefined =>
  texts.find((text) => text.includes(part));

describe('findings about authorization', () => {
  it('are none without credentials', () => {
    expect(allOf(demo())).toEqual([]);
  });

  it.each(Object.entries({ modes, oneCheck, plantedFaults }))(
    'of %s name the arrival process in each sentence',
    (_, make) => {
      expect(textsOf(make()).filter((text) => !/Poisson arrivals/.test(text))).toEqual([]);
    },
  );

  it('of a closed loop and of evenly spaced arrivals say so', () => {
    const withLoad = (load: object): readonly string[] => {
      const document = oneCheck();
      const variants = document.variants.map((variant) => {
        const { effective } = variant.settings;
        const changed = { ...effective!, load: { ...effective!.load, ...load } };
        return { ...variant, settings: { ...variant.settings, effective: changed } };
      });
      return textsOf({ ...document, variants } as ResultDocument);
    };
    expect(sentence(withLoad({ arrivals: 'constant' }), 'the check (')).toContain(
      'under evenly spaced arrivals',
    );
    const closed = withLoad({ shape: { kind: 'closed', concurrency: 8 } });
    expect(sentence(closed, 'the check (')).toContain('under a closed loop');
  });

  it('say what was done to the authorization server and to clocks, and nothing of a run without such events', () => {
    const document = oneCheck();
    const events = [
      { kind: 'serverDown', atUs: 4e6, forUs: 1e6 },
      { kind: 'skewClock', atUs: 1e6, forUs: 2e6, byUs: -120e6, instance: 2 },
      { kind: 'revoke', atUs: 1e6, forUs: 0, agents: 8 },
    ];
    const variants = document.variants.map((variant) => ({
      ...variant,
      settings: { ...variant.settings, effective: { ...variant.settings.effective!, events } },
    }));
    const texts = textsOf({ ...document, variants });
    expect(texts).toContain(
      'The authorization server did not answer instances from 4 s of the measured time for 1 s, as the profile says; the figures of all variants contain what followed.',
    );
    expect(sentence(texts, 'The clock of instance 2')).toContain('was 120 s behind from 1 s');
    expect(texts.filter((text) => text.includes('as the profile says'))).toHaveLength(2);
    expect(sentence(textsOf(document), 'as the profile says')).toBeUndefined();
  });

  it('are few for a healthy run, and none of them is bad', () => {
    expect(textsOf(oneCheck(), 'bad')).toEqual([]);
    expect(textsOf(oneCheck(), 'warning')).toEqual([]);
    expect(textsOf(oneCheck(), 'good')).toHaveLength(3);
  });

  it('of nine variants are no more than of two', () => {
    expect(allOf(modes()).length).toBeLessThanOrEqual(9);
  });
});

describe('the cost of the check', () => {
  it('is its time, what it adds with an interval, its share and what the fleet loses', () => {
    const said = sentence(textsOf(jwt(() => ({}))), 'the check (jwt')!;
    expect(said).toMatch(
      /the check \(jwt, ES256, policy scopes\) takes \d+ us at the median and \d+ us at p99/,
    );
    expect(said).toContain('against the same Poisson arrivals without it (“none”), calls are 160 us slower');
    expect(said).toContain('95 % interval 120 us to 200 us');
    expect(said).toContain('11 % of the median call');
    expect(said).toMatch(
      /calls fewer per core-second of fleet and balancer and 114 core-seconds per million calls/,
    );
  });

  it('claims no difference where the interval contains 0', () => {
    const said = sentence(
      textsOf(jwt(({ added }) => ({ added: { ...added!, p50Us: -3, ciLowUs: -20, ciHighUs: 14 } }))),
      'the check (jwt',
    );
    expect(said).toContain('no difference of the median is certain: -3 us (95 % interval -20 us to 14 us)');
    expect(said).not.toContain('slower');
  });

  it('has no interval where the repetitions are too few for one', () => {
    const said = sentence(
      textsOf(jwt(({ added }) => ({ added: { ...added!, ciLowUs: null, ciHighUs: null } }))),
      'the check (jwt',
    );
    expect(said).toContain('160 us slower at the median (too few repetitions for an interval)');
  });

  it('is said of the cheapest and the dearest of many variants, except for open sessions, in which nothing is checked', () => {
    expect(sentence(textsOf(modes()), 'The check takes')).toMatch(
      /from 15 us \(“introspection, cached for 2 s”\) to 1\.\d+ ms \(“introspection”\)/,
    );
  });
});

describe('the ways to measure it', () => {
  it('that disagree are named with their figures and what each sees', () => {
    const said = sentence(textsOf(plantedFaults(), 'warning'), 'disagree beyond')!;
    expect(said).toContain('the header of the answers, 148 us (146 us to 150 us), sees the check alone');
    expect(said).toContain('the comparison with and without it, 300 us (270 us to 330 us), sees');
  });

  it('that could not be used are named with the reason', () => {
    expect(sentence(textsOf(plantedFaults()), 'Not available')).toContain(
      'the time of refused calls (no refusal of a token was timed)',
    );
    expect(sentence(textsOf(oneCheck()), 'Not available')).toBeUndefined();
  });
});

describe('decisions', () => {
  const said = textsOf(plantedFaults());

  it('that let calls through come first of all, with the instance and the calls', () => {
    expect(findings(modelOf(plantedFaults()))[0]).toEqual({
      tone: 'bad',
      text: '“jwt” let 450 calls through that should have been refused: all of them by instance 2, and no other instance did, under Poisson arrivals.',
    });
  });

  it.each([
    '“jwt” refused 34 calls that should have been allowed: all of them by instance 1',
    '“jwt”: the instances do not decide alike. 450 calls',
    '“jwt” refused 12 calls with 401 where 403 is due',
  ])('that were wrong otherwise are told: %s', (text) => {
    expect(sentence(textsOf(plantedFaults(), 'bad'), text)).toBeDefined();
  });

  it('about expired tokens blame nothing on the server', () => {
    expect(sentence(said, 'had expired')).toContain('The server is right to refuse them');
    expect(sentence(textsOf(plantedFaults(), 'bad'), 'had expired')).toBeUndefined();
  });

  it('after a revocation are told by its window, not a second time', () => {
    expect(sentence(textsOf(modes()), 'should have been refused')).toBeUndefined();
  });

  it('are no reason to compare the times of a variant of which half of the calls were lost', () => {
    const of = findings(modelOf(modes())).map(({ text }) => text);
    expect(
      of.filter((text) => /“session, round-robin” against .*(better|worse) in [^;]*response time/.test(text)),
    ).toEqual([]);
    expect(sentence(of, 'Not comparable in p99 response time')).toContain('49 % of its calls failed');
  });

  it('that were all right take one sentence', () => {
    expect(sentence(textsOf(oneCheck(), 'good'), 'Every decision')).toContain('“introspection” was right');
  });
});

describe('a revocation', () => {
  const cached = authDocument(MODES.filter(({ name }) => name === 'none' || name.includes('cached')));

  it('that takes a while has its window, its exactness, its calls and its cause', () => {
    expect(sentence(textsOf(cached, 'warning'), 'kept allowing')).toBe(
      '“introspection, cached for 2 s” kept allowing calls of 8 revoked agents for 1.94 s (exact to 25 ms): 160 calls, under Poisson arrivals (the authorization server is asked, and its answer is kept for 2 s).',
    );
  });

  it('that never takes effect goes on to the end of the run, at least', () => {
    expect(
      sentence(
        textsOf(
          jwt(() => ({})),
          'bad',
        ),
        'kept allowing',
      ),
    ).toContain(
      'to the end of the run, for at least 3.49 s: 280 calls, under Poisson arrivals (a token is good until it expires, after 1 h)',
    );
  });

  it('that takes effect at once is good, and as exact as calls are frequent', () => {
    expect(sentence(textsOf(oneCheck(), 'good'), 'at once')).toContain('as exact as 25 ms');
  });

  it('names the variants with the same reason together', () => {
    expect(sentence(textsOf(modes(), 'bad'), 'to the end of the run')).toContain(
      'by “jwt”, “gateway” and “dpop” (a token is good until it expires, after 1 h); by “session, sticky” and “session, round-robin” (an open session is not checked again)',
    );
  });
});

describe('audit logs', () => {
  it('with faults are told with each of them', () => {
    const said = sentence(textsOf(plantedFaults(), 'bad'), 'audit record')!;
    for (const part of [
      '331 calls have no record',
      '2 calls have more than one',
      '1 record is of no call',
      '2 lines hold a token',
    ])
      expect(said).toContain(part);
    expect(said).toContain(
      '14 records contradict what the client saw (14 of them: another instance answered',
    );
  });

  it('that hold a token say so first', () => {
    const texts = textsOf(
      jwt(({ audit }) => ({ audit: { ...audit!, secrets: 3, missing: 1 } })),
      'bad',
    );
    expect(sentence(texts, 'audit record')).toContain('3 lines hold a token and 1 call has no record');
  });

  it('tell of calls without an answer that a server let through, which is no fault of the log', () => {
    const texts = textsOf(
      jwt(({ audit }) => ({ audit: { ...audit!, executedUnanswered: 2 } })),
      'warning',
    );
    expect(sentence(texts, 'without an answer')).toContain('2 calls without an answer were let through');
    expect(sentence(textsOf(modes(), 'warning'), 'without an answer')).toBeUndefined();
  });

  it('say which records are not of calls of the measured time', () => {
    const textOf = (withoutTrace: number): string | undefined => {
      const document = authDocument(MODES.slice(1, 2), (auth) => ({
        ...auth,
        audit: { ...auth.audit!, records: 2164, withoutTrace },
      }));
      return sentence(textsOf(document), 'exactly one record');
    };
    expect(textOf(0)).toContain('for every call, those of the warm-up included');
    expect(textOf(0)).toContain('no token (2,164 records)');
    expect(textOf(4)).toContain('(2,164 records, of which 4 are of requests beside the calls)');
  });

  it('without a fault take one sentence for all variants', () => {
    expect(textsOf(modes()).filter((text) => text.includes('audit log'))).toHaveLength(1);
  });
});

describe('sizing', () => {
  it('names what is asked of the authorization server, and the cores of the fleet', () => {
    const said = sentence(textsOf(oneCheck()), 'needs')!;
    expect(said).toContain(
      '400 introspections per second of the authorization server, which takes 0.24 cores',
    );
    expect(said).toContain('cores for 1,000 calls/s');
  });
});

describe('calls that were refused', () => {
  /** The second variant with these endings beside its calls that were ok. */
  const endings = (outcomes: Partial<Record<Outcome, number>>): readonly string[] => {
    const document = oneCheck();
    const variants = document.variants.map((variant, place) => {
      const summary = variant.summary!;
      const calls = {
        ...summary.calls,
        outcomes: { ...summary.calls.outcomes, ...outcomes },
        errors: 9,
        failed: 9,
      };
      return place === 0 ? variant : { ...variant, summary: { ...summary, calls } };
    });
    return findings(modelOf({ ...document, variants })).map(({ text }) => text);
  };

  it('are no failures where authorization is measured', () => {
    expect(sentence(endings({ unauthorized: 5, forbidden: 4 }), 'failed')).toBeUndefined();
  });

  it('that had to be make no variant worse', () => {
    const said = findings(modelOf(oneCheck())).map(({ text }) => text);
    expect(sentence(said, 'against “none”')).toContain('worse in p50 response time');
    expect(said.filter((text) => text.includes('error rate') || text.includes('successful calls'))).toEqual(
      [],
    );
  });

  it('are told apart from calls that failed', () => {
    expect(sentence(endings({ unauthorized: 5, timeout: 4 }), 'failed')).toBe(
      '“introspection”: beside refusals, calls failed: timeout 4.',
    );
  });
});
