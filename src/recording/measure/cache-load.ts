/** @module What the measure `cache` has to know of a load. */
import type { CacheSettings } from '../../profile/settings.ts';

export interface CachedLoad {
  readonly settings: CacheSettings;
  /** The planned changes of the catalogue; the version of each is its place, from 1 on. */
  readonly changes: readonly {
    readonly event: number;
    readonly what: 'tools' | 'prompts' | 'resources' | 'resource';
    /** Of a `resource`. */
    readonly uri?: string;
    readonly notify: boolean;
  }[];
}
