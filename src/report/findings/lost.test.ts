/** @module Proves that lost sessions are put down to what took them: the way, a fault, or the end of their instance. */
import { describe, expect, it } from 'vitest';
import type { FaultSummary, ResultDocument } from '../../result/document.ts';
import type { Sessions } from '../../result/measure/sessions.ts';
import type { Note } from '../../result/note.ts';
import { variantTable } from '../format/html/results.ts';
import { modelOf } from '../model.ts';
import { DEMO, documentOf } from '../sample-document.case.ts';
import { percent } from '../wording.ts';
import { findings } from './findings.ts';

const LOST = { outcome: 'session-lost', detail: '404', share: 0.1 } as const;
const sticky = documentOf([{ ...DEMO[1]!, failure: LOST }], 1);
const scattered = documentOf([DEMO[0]!], 1);

const fault = (kind: string): FaultSummary => ({
  kind,
  atMs: 1000,
  repetitions: 1,
  callsFailed: null,
  sessionsLost: null,
  errorsStopMs: null,
  rebalanceMs: null,
  p99DuringUs: null,
  failedBefore: null,
});

interface Over {
  readonly faults?: readonly string[];
  readonly sessions?: Partial<Sessions>;
  readonly observations?: Note[];
}

function changed(document: ResultDocument, { faults, sessions, observations = [] }: Over): ResultDocument {
  const [variant] = document.variants;
  const summary = { ...variant!.summary!, sessions: { ...variant!.summary!.sessions!, ...sessions } };
  const repetitions = variant!.repetitions.map((one) => ({ ...one, observations }));
  return {
    ...document,
    variants: [{ ...variant!, summary, repetitions, ...(faults && { faults: faults.map(fault) }) }],
  };
}

const lostText = (document: ResultDocument): string =>
  findings(modelOf(document))
    .map(({ text }) => text)
    .find((text) => / lost \d/.test(text))!;

/** Half of the calls in sessions met another instance than their owner. */
const astray = { callsOnOwner: 2000, callsInSession: 4000 };

describe('why sessions were lost', () => {
  it('is a fault, where owners were taken away and the way was right', () => {
    const text = lostText(changed(sticky, { faults: ['kill'], sessions: astray }));
    expect(text).toContain(': the instance that held their session was gone (kill at 1 s)');
    expect(text).not.toContain('owner hits 100 %');
  });

  it('is its end, where an instance ended unexpectedly', () => {
    const ended = { kind: 'exited', code: null, signal: 'SIGKILL', output: 'x' } as const;
    const observations: Note[] = [
      { ...ended, part: 'balancer' },
      { ...ended, part: 'fleet', instance: '2' },
    ];
    expect(lostText(changed(sticky, { observations, sessions: astray }))).toContain(
      'the instance that held their session was gone (instance 2 was ended by SIGKILL)',
    );
  });

  it('is the way, where sessions missed their owners, whatever was killed', () => {
    expect(lostText(changed(scattered, { faults: ['kill'] }))).toContain(
      'they reached an instance that did not know their session (owner hits 25 %)',
    );
  });

  it('does not contradict itself where sessions began well', () => {
    expect(lostText(changed(sticky, { faults: ['add'], sessions: astray }))).toContain(
      'their sessions began on the instance that created them, but later they reached an instance that did not know their session (owner hits 100 %)',
    );
  });
});

describe('handshakes that did not complete', () => {
  const handshakes = {
    requests: 2000,
    timeUs: 1,
    shareOfRequests: 0.1,
    shareOfTime: 0.1,
    reopenTime: { count: 0, meanUs: 0, p50Us: 0, p90Us: 0, p95Us: 0, p99Us: 0, p999Us: 0, maxUs: 0 },
  };
  const said = (known: object): string =>
    lostText(
      changed(scattered, {
        sessions: { opened: 1549, handshakesBroken: 600, handshakes: { ...handshakes, ...known } },
      }),
    );

  it('are those of sessions that measured calls opened, none from before the load', () => {
    expect(said({ opened: 1357, broken: 500 })).toContain(
      '; 500 of 1,357 session handshakes did not complete',
    );
    expect(said({ opened: 1357, broken: 0 })).not.toContain('did not complete');
  });

  it('are all of an older result, which does not tell them apart', () => {
    expect(said({})).toContain('; 600 of 1,549 session handshakes did not complete');
  });
});

it('owner hits of 100 % are not among the bad figures, a low share is', () => {
  const badIn = (document: ResultDocument): readonly string[] =>
    [...variantTable(modelOf(document)).markup.matchAll(/<td class="bad"[^>]*>([^<]*)/g)].map(
      ([, cell]) => cell!,
    );
  const okOf = ({ variants }: ResultDocument) => percent(1 - variants[0]!.summary!.calls.errorRate);
  const { ownerHitRate } = scattered.variants[0]!.summary!.sessions!;
  expect(badIn(sticky)).toEqual([okOf(sticky)]);
  expect(badIn(scattered)).toEqual([okOf(scattered), percent(ownerHitRate!)]);
});
