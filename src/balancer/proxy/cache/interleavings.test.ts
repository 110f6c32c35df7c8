import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CacheSettings } from '../../../profile/settings.ts';
import { VirtualClock } from '../../../units/virtual-clock.ts';
import { instanceField, readClientHead, readUpstreamHead } from '../heads.ts';
import type { Fetch } from './fetch.ts';
import { type CacheDecision, GatewayCache } from './gateway-cache.ts';
import type { Given } from './kept-answer.ts';
import { answerTo, message, request, SETTINGS } from './messages.case.ts';

const TOKENS = [undefined, 'a', 'b', 'c'];
const CURSORS = [undefined, '', 'x'];

/** What happens next: a request comes, one of those under way ends, or time passes. */
type Step =
  | { readonly kind: 'ask'; readonly token: number; readonly cursor: number }
  | {
      readonly kind: 'end';
      readonly which: number;
      readonly how: 'public' | 'private' | 'unkept' | 'failed' | 'gone';
    }
  | { readonly kind: 'wait'; readonly us: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('ask'), token: fc.nat(3), cursor: fc.nat(2) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('end'),
      which: fc.nat(),
      how: fc.constantFrom('public', 'private', 'private', 'unkept', 'failed', 'gone'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait'), us: fc.nat(2_000_000) }) },
) as fc.Arbitrary<Step>;

const TTL_MS = 1000;

interface Caller {
  readonly token: string | undefined;
  readonly cursor: string | undefined;
  readonly id: number;
}

/** As `expect`, which is far slower than what is judged here a million times. */
function same(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what}: ${String(found)}, expected ${String(expected)}`);
}

/** The cache, and a record of who fetched what. */
class Play {
  readonly #clock = new VirtualClock();
  readonly #cache: GatewayCache;
  /** Requests that were let through, with what is to be told of their answers. */
  readonly #fetching: { readonly caller: Caller; readonly fetch: Fetch }[] = [];
  /** Who fetched the `n`th answer, of which scope, and when. */
  readonly #fetched: { readonly caller: Caller; readonly scope: string; readonly atUs: number }[] = [];
  /** Of checks that were made later. */
  readonly #errors: unknown[] = [];
  #asked = 0;
  #decided = 0;
  hits = 0;

  constructor(settings: Partial<CacheSettings>) {
    this.#cache = new GatewayCache({ ...SETTINGS, ...settings }, '/mcp', 1, this.#clock);
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const each of steps) {
      if (each.kind === 'wait') this.#clock.advance(each.us);
      else if (each.kind === 'ask') this.#ask(TOKENS[each.token], CURSORS[each.cursor]);
      else if (this.#fetching.length > 0) this.#end(each.which % this.#fetching.length, each.how);
      await settled();
    }
    // Whatever is under way ends, so that no one is left waiting.
    while (this.#fetching.length > 0) {
      this.#end(0, 'private');
      await settled();
    }
    if (this.#errors.length > 0) throw this.#errors[0];
    same('requests decided', this.#decided, this.#asked);
  }

  #ask(token: string | undefined, cursor: string | undefined): void {
    this.#asked += 1;
    const caller = { token, cursor, id: this.#asked };
    const sent = {
      id: caller.id,
      ...(token && { token }),
      ...(cursor !== undefined && { params: { cursor } }),
    };
    const head = Buffer.from(request(sent).split('\r\n\r\n')[0]!);
    const bytes = Buffer.concat([head, Buffer.from('\r\n')]);
    const decision = this.#cache.ask(readClientHead(bytes, 0, bytes.length), message(sent));
    if (decision instanceof Promise)
      decision.then((later) => this.#decide(caller, later)).catch((error) => this.#errors.push(error));
    else this.#decide(caller, decision);
  }

  #decide(caller: Caller, decision: CacheDecision): void {
    this.#decided += 1;
    same('a request passed on', decision.kind === 'pass', false);
    if (decision.kind === 'fetch') this.#fetching.push({ caller, fetch: decision.fetch });
    if (decision.kind === 'give') this.#check(caller, decision.given);
  }

  /** The given answer is one to this question, which the caller may have. */
  #check(caller: Caller, { id, answer, mark, ageUs }: Given): void {
    this.hits += 1;
    const { result } = JSON.parse(`${answer.before}${id}${answer.after}`);
    const { caller: owner, scope, atUs } = this.#fetched[result.n]!;
    same('the id', id, caller.id);
    same('the cursor', owner.cursor, caller.cursor);
    if (scope === 'private') same('the token', owner.token, caller.token);
    if (mark === 'hit') {
      same('the age', ageUs, this.#clock.now() - atUs);
      same('an age within ttlMs', ageUs! < TTL_MS * 1000, true);
    }
  }

  #end(index: number, how: Extract<Step, { kind: 'end' }>['how']): void {
    const { caller, fetch } = this.#fetching.splice(index, 1)[0]!;
    if (how === 'gone') fetch.drop();
    else if (how === 'failed') {
      fetch.fail();
      const spare = fetch.spare();
      if (spare !== undefined) this.#check(caller, spare);
    } else {
      const hints = how === 'unkept' ? { ttlMs: 0 } : { ttlMs: TTL_MS, cacheScope: how };
      const n = this.#fetched.push({ caller, scope: how, atUs: this.#clock.now() }) - 1;
      const body = Buffer.from(JSON.stringify(answerTo(caller.id, { n, ...hints })));
      const head = Buffer.from(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`,
      );
      const read = readUpstreamHead(head, 0, head.length, 'POST', instanceField('x', 'i0'));
      fetch.begin({ head: read, chunk: body, start: 0, from: 0, to: body.length, last: true }, read);
      fetch.end();
    }
  }
}

/** Those who waited have been told. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
};

describe('whatever the order of requests and answers', () => {
  it.each<[string, Partial<CacheSettings>]>([
    ['without single flight', {}],
    ['with single flight', { singleFlight: true }],
    ['with everything', { singleFlight: true, capacity: 3, jitter: 0.5, staleIfErrorUs: 1e6 }],
  ])(
    '%s, a private result goes to its token only, and an answer to its question only',
    async (_, settings) => {
      let hits = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
          const play = new Play(settings);
          await play.run(steps);
          hits += play.hits;
        }),
        { numRuns: 2400 },
      );
      // It is not kept by giving nothing.
      expect(hits).toBeGreaterThan(2400);
    },
  );
});
