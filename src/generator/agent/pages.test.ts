import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERAS } from '../../profile/kinds.ts';
import { LIST_METHODS } from '../../protocol/caching/methods.ts';
import { PageTally } from '../../recording/measure/pages.ts';
import { type AgentRequest, type CallEnd, type Caller, MEASURED, type Operation } from './caller.ts';
import { encodersOf } from './encoders.ts';
import { OwnIds, OwnRequest } from './own-request.ts';
import { pageEncoders, pagesLayer } from './pages.ts';

const OK: CallEnd = {
  ...{ outcome: 'ok', detail: undefined, status: 200, sentUs: 0, firstByteUs: 0, doneUs: 0 },
  ...{ servedBy: undefined, sessionId: undefined, serverTiming: undefined, body: undefined },
};

/** What no end of a list may have. */
const SPOILT: CallEnd = {
  ...{ outcome: 'aborted', detail: 'spoilt', status: -1, sentUs: -1, firstByteUs: -1, doneUs: -1 },
  ...{ servedBy: 'spoilt', sessionId: 'spoilt', serverTiming: 'spoilt', body: 'spoilt' },
  ...{ begunUs: -1, unsent: false, cached: false, nextCursor: 'spoilt', connectionWaitUs: -1 },
};

/** What the layer has asked for. */
interface Asked {
  readonly operation: Operation;
  readonly params: { readonly cursor?: string };
  readonly method: string;
  readonly keepBody: boolean | undefined;
}

/** Answers the requests in turn with `ends`, and notes them. */
function answering(ends: readonly CallEnd[]): { readonly next: Caller; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const next: Caller = {
    open: () => Promise.resolve(),
    send(request: AgentRequest, onEnd, keepBody) {
      const { method, params } = JSON.parse(request.encode().body) as Pick<Asked, 'method' | 'params'>;
      // As a driver that uses its replies again.
      const end = { ...ends[asked.length]! };
      asked.push({ operation: request.operation, method, params, keepBody });
      queueMicrotask(() => {
        onEnd(end);
        Object.assign(end, SPOILT);
      });
    },
    listen: () => ({ close: () => undefined }),
    close: () => Promise.resolve(),
  };
  return { next, asked };
}

/** How a page says where the next one begins. */
type Told = 'in the body' | 'by a layer below' | 'by both, which differ';

const page = (nextCursor: string | undefined, told: Told): CallEnd => {
  const inBody = told === 'by both, which differ' ? `not ${nextCursor}` : nextCursor;
  const body = JSON.stringify({ result: { resultType: 'complete', tools: [], nextCursor: inBody } });
  if (told === 'in the body') return { ...OK, body };
  const read = { ...OK, nextCursor: nextCursor ?? null };
  return told === 'by a layer below' ? read : { ...read, body };
};

describe.each(ERAS)('the pages of a list (%s)', (era) => {
  const encoderOf = encodersOf({ era, headers: {}, seed: 1 });
  const listing = (method: (typeof LIST_METHODS)[number], operation: Operation): AgentRequest => {
    const request = new OwnRequest(operation, MEASURED, (fields) =>
      encoderOf({ method })(1, undefined, fields),
    );
    return request;
  };

  it('are each asked for once, by the method of the list, until a page names no other', async () => {
    const cursors = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('')), { maxLength: 8 });
    const told = fc.constantFrom<Told>('in the body', 'by a layer below', 'by both, which differ');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...LIST_METHODS), cursors, told, async (method, given, how) => {
        const { next, asked } = answering([...given, undefined].map((cursor) => page(cursor, how)));
        const tally = new PageTally();
        const layer = pagesLayer({ encoders: pageEncoders(encoderOf), ids: new OwnIds(), tally })(next);
        const end = await new Promise<CallEnd>((resolve) =>
          layer.send(listing(method, { method, isPaged: true }), (valid) => resolve({ ...valid })),
        );
        expect(end.outcome).toBe('ok');
        expect(asked.map(({ method }) => method)).toEqual([method, ...given].map(() => method));
        expect(asked.map(({ params }) => params.cursor)).toEqual([undefined, ...given]);
        expect(asked.map(({ operation }) => operation)).toEqual([
          { method, isPaged: true },
          ...given.map((cursor) => ({ method, cursor })),
        ]);
        expect(asked.every(({ keepBody }) => keepBody === true)).toBe(true);
        expect(tally.counts()).toEqual({ lists: 1, pages: given.length + 1 });
      }),
      { numRuns: 60 },
    );
  });

  it('from a cache or not, are one call with the instance and the status of what was sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 2, maxLength: 6 }), async (cached) => {
        const ends = cached.map((isCached, i): CallEnd => {
          const times = { sentUs: 10 * i, firstByteUs: 10 * i + 1, doneUs: 10 * i + 9 };
          const nextCursor = i === cached.length - 1 ? null : `c${i}`;
          return isCached
            ? { ...OK, ...times, nextCursor, status: 0, cached: true }
            : { ...OK, ...times, nextCursor, servedBy: `i${i}` };
        });
        const { next } = answering(ends);
        const tally = new PageTally();
        const layer = pagesLayer({ encoders: pageEncoders(encoderOf), ids: new OwnIds(), tally })(next);
        const end = await new Promise<CallEnd>((resolve) =>
          layer.send(listing('tools/list', { method: 'tools/list', isPaged: true }), (valid) =>
            resolve({ ...valid }),
          ),
        );
        const latest = cached.lastIndexOf(false);
        const all = latest === -1;
        expect(end).toMatchObject({
          ...{ outcome: 'ok', sentUs: 0, firstByteUs: 1, doneUs: 10 * cached.length - 1 },
          ...(all ? { cached: true, status: 0 } : { status: 200, servedBy: `i${latest}` }),
        });
        if (!all) expect(end.cached).toBeUndefined();
        expect(end.unsent ?? false).toBe(!all && cached[0] === true);
        const isFetched = !cached.includes(true);
        expect(tally.counts()).toEqual(
          isFetched ? { lists: 1, pages: cached.length } : { lists: 0, pages: 0 },
        );
      }),
    );
  });

  it('that never end are cut, and the call is malformed', async () => {
    const endless = Array.from({ length: 1000 }, (_, i) => ({ ...page('more', 'in the body'), doneUs: i }));
    const { next, asked } = answering(endless);
    const tally = new PageTally();
    const layer = pagesLayer({ encoders: pageEncoders(encoderOf), ids: new OwnIds(), tally })(next);
    const end = await new Promise<CallEnd>((resolve) =>
      layer.send(listing('tools/list', { method: 'tools/list', isPaged: true }), (valid) =>
        resolve({ ...valid }),
      ),
    );
    expect(asked).toHaveLength(1000);
    expect(end).toMatchObject({
      outcome: 'malformed',
      detail: 'the list does not end: page 1000 names a next one',
      doneUs: 999,
    });
    expect(tally.counts()).toEqual({ lists: 0, pages: 0 });
  });

  it('are not asked for when one is enough, or when the request is no list', async () => {
    for (const operation of [
      { method: 'tools/list' },
      { method: 'tools/list', isPaged: false },
      { method: 'resources/read', name: 'file:///a', isPaged: true },
    ]) {
      const { next, asked } = answering([page('more', 'in the body')]);
      const tally = new PageTally();
      const layer = pagesLayer({ encoders: pageEncoders(encoderOf), ids: new OwnIds(), tally })(next);
      await new Promise<CallEnd>((resolve) => layer.send(listing('tools/list', operation), resolve));
      expect(asked).toMatchObject([{ operation, keepBody: undefined }]);
      expect(tally.counts()).toEqual({ lists: 0, pages: 0 });
    }
  });
});
