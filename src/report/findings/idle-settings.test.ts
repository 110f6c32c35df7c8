import { describe, expect, it } from 'vitest';
import type { EffectiveSettings } from '../../result/settings.ts';
import { modelOf } from '../model.ts';
import { DEMO, documentOf } from '../sample-document.case.ts';
import { idleSettings } from './idle-settings.ts';

const UNUSED = {
  honour: false,
  at: 'agent',
  singleFlight: false,
  jitter: 0,
  staleIfErrorUs: 0,
  subscribe: false,
};

/** What is said of variants with these caches. */
const said = (...caches: readonly Partial<NonNullable<EffectiveSettings['cache']>>[]): readonly string[] => {
  const document = documentOf(DEMO.slice(0, caches.length));
  const variants = document.variants.map((variant, at) => {
    const effective = { ...variant.settings.effective, cache: { ...UNUSED, ...caches[at] } };
    return {
      ...variant,
      name: `v${at}`,
      settings: { ...variant.settings, effective: effective as EffectiveSettings },
    };
  });
  return idleSettings(modelOf({ ...document, variants })).map(({ text }) => text);
};

describe('settings of caches', () => {
  it('are told of where no variant keeps results', () => {
    const text = 'had no effect, because no result was kept (cache.honour: true keeps them).';
    expect(said({ singleFlight: true }, { maxStaleUs: 1 })).toEqual([`The settings of cache ${text}`]);
    expect(said({}, { at: 'gateway' })).toEqual([`The settings of cache of “v1” ${text}`]);
  });

  it('are not told of where they are not set, or a variant keeps results', () => {
    expect(said({}, {})).toEqual([]);
    expect(said({ singleFlight: true }, { honour: true })).toEqual([]);
  });
});
