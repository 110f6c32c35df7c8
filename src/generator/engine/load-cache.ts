/** @module What a load has to know of caches and of the catalogue behind them, as plain data; and how the catalogue changes during the load. */
import type { CacheSettings } from '../../profile/settings.ts';
import type { Millis } from '../../units/time.ts';

/** Present where the mix has calls whose results can be kept, whether they are kept or not: what servers say of it is counted either way. */
export interface LoadCache {
  readonly settings: CacheSettings;
  /** Whether a log of all calls whose results can be kept is made, to be replayed with other lifetimes. */
  readonly keepsLookupLog: boolean;
  /** The planned changes of the catalogue, in their order. */
  readonly changes: readonly PlannedChange[];
}

/** A change that is planned. Its version is its place among the planned ones, from 1 on. */
export interface PlannedChange {
  /** Index among the events of the profile. */
  readonly event: number;
  readonly what: 'tools' | 'prompts' | 'resources' | 'resource';
  /** Agents call `to` in place of `from` once they have a list of this version or a later one. */
  readonly renamed?: { readonly from: string; readonly to: string };
  /** Of a `resource`. */
  readonly uri?: string;
  readonly notify: boolean;
}

/** A change has begun (`begun`), or all instances that it concerns answer accordingly (`confirmed`). */
export interface CatalogueUpdate {
  readonly kind: 'catalogue';
  readonly stage: 'begun' | 'confirmed';
  readonly version: number;
  /** On the epoch, because threads have clocks of their own. */
  readonly atEpochMs: Millis;
}
