import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResultDocument, Summary, VariantResult } from '../result/document.ts';
import { runExperiment } from './experiment.ts';
import { parseProfile } from './parse-profile.ts';

const PROFILES = resolve(import.meta.dirname, '../../profiles');
/** A busy machine may take its time: no call is given up. */
const PATIENT = 'load.timeout=60s';

async function documentOf(text: string, ...set: readonly string[]): Promise<ResultDocument> {
  const profile = parseProfile(text, { file: join(PROFILES, 'p.yaml'), set: [PATIENT, ...set] });
  return runExperiment({ profile }).result();
}

/** So that a busy machine breaks no test. */
const MINUTES = 180_000;

/** Baskets that are in use for half a second, on real instances. */
const baskets = (state: string, faults: string): string => `version: 1
load: { rate: 15/s, duration: 3s, agents: 12 }
calls:
  - name: basket
    flow:
      - { tool: create_basket, save: { basket: $.basket_id } }
      - { think: 250ms }
      - tool: add_to_basket
        arguments: { basket_id: "{{saved.basket}}", item: a }
        save: { basket: $.basket_id }
        repeat: 2
      - { think: 250ms }
      - { tool: get_basket, arguments: { basket_id: "{{saved.basket}}" } }
fleet: { server: lean, instances: 1, state: ${state} }
balancer: { policy: random-two }
faults: [${faults}]
`;

const PAUSE_ADD_RESTART =
  '{ at: 300ms, pause: 1, for: 400ms }, { at: 800ms, add: 1 }, { at: 2200ms, restart: all, every: 200ms }';

const first = async (...given: Parameters<typeof documentOf>): Promise<VariantResult> =>
  (await documentOf(...given)).variants[0]!;

/** What all faults of the only repetition add up to. */
const refusedAfterFaults = ({ repetitions }: VariantResult): readonly (number | undefined)[] =>
  repetitions.flatMap(({ faults = [] }) => faults.map(({ handlesRefused }) => handlesRefused));

describe.concurrent('handles of instances that are paused, joined by others and restarted while the load runs', () => {
  const kinds = [
    { state: '{ kind: store }', tags: [] },
    { state: '{ kind: store, store: redis }', tags: ['redis'] },
    { state: '{ kind: signed, protect: jwe, rotate: 1s }', tags: [] },
  ];
  for (const { state, tags } of kinds) {
    it(`are all known, and no call fails: ${state}`, { tags, timeout: MINUTES }, async () => {
      const variant = await first(baskets(state, PAUSE_ADD_RESTART));
      const { calls, flows, state: figures } = variant.summary!;
      expect(calls.details).toEqual([]);
      const { due, completed } = flows!;
      expect(completed).toBe(due);
      // Three of the four calls of a flow bring a handle.
      expect(figures).toMatchObject({ calls: 3 * due, unknown: 0 });
      // A pause, an instance that joins, and one fault for each instance that is replaced, with that which has joined.
      expect(refusedAfterFaults(variant)).toEqual(Array.from({ length: 4 }, () => 0));
      if (!state.includes('rotate')) return;
      // Handles of half a second, and a new key every second.
      expect(figures!.rotated!.calls).toBeGreaterThan(0);
      expect(figures!.rotated!.unknown).toBe(0);
    });
  }

  it('are lost where they are in the memory of one instance', { timeout: MINUTES }, async () => {
    const variant = await first(baskets('{ kind: memory }', PAUSE_ADD_RESTART));
    expect(variant.summary!.state!.unknown).toBeGreaterThan(0);
    expect(refusedAfterFaults(variant).some((refused) => refused! > 0)).toBe(true);
  });
});

describe.concurrent('sessions of an instance that is killed while the load runs', () => {
  const lostOf = ({ sessions, calls }: Summary) => [sessions!.lost, calls.lostShare > 0];
  const sessions = (kept: string, policy: string): string => `version: 1
load: { rate: 50/s, duration: 2s, agents: 24 }
calls: [{ tool: echo, arguments: { text: a } }]
fleet: { server: lean, era: sessions, instances: 2, state: { sessions: ${kept} } }
balancer: { policy: ${policy} }
faults: [{ at: 700ms, kill: 1 }]
`;

  it('are all kept in a shared store, behind a balancer that is not sticky', {
    timeout: MINUTES,
  }, async () => {
    const { summary } = await first(sessions('store', 'round-robin'));
    expect(lostOf(summary!)).toEqual([0, false]);
    const { handshakesBroken, reinitialised, callsInSession, lookUp } = summary!.sessions!;
    expect([handshakesBroken, reinitialised]).toEqual([0, 0]);
    // Each call that was answered asked the store.
    expect(lookUp!.count).toBe(callsInSession);
  });

  it('are lost where they were in its memory', { timeout: MINUTES }, async () => {
    const { summary } = await first(sessions('memory', 'sticky'));
    const [lost, isLost] = lostOf(summary!);
    expect(lost).toBeGreaterThan(0);
    expect(isLost).toBe(true);
    expect(summary!.sessions!).not.toHaveProperty('lookUp');
  });
});

describe.concurrent('handles that another client has stolen', () => {
  const text = readFileSync(join(PROFILES, 'stolen-handles.yaml'), 'utf8');
  const profile = parseProfile(text, {
    file: join(PROFILES, 'stolen-handles.yaml'),
    set: [PATIENT, 'load.rate=20/s', 'load.duration=1500ms', 'load.warmup=200ms', 'repetitions=1'],
  });
  // Of the kinds, a value that is kept and one that the handle has; all of them refuse others in the tests of handles.
  const variants = profile.variants.filter(({ name }) => ['memory', 'signed', 'not checked'].includes(name));
  it.each(variants)(
    'are refused for the thief, unless nobody is known: $name',
    { timeout: MINUTES },
    async (variant) => {
      const document = await runExperiment({ profile: { ...profile, variants: [variant] } }).result();
      const { state, flows } = document.variants[0]!.summary!;
      const { stolen, unknown } = state!;
      expect(stolen!.calls).toBeGreaterThan(3);
      expect(stolen!.refused).toBe(variant.name === 'not checked' ? 0 : stolen!.calls);
      expect([unknown, flows!.failed]).toEqual([0, 0]);
    },
  );
});
