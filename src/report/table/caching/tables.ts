/** @module The tables of caching, in the order of the page. A new one is one file and one line here. */
import { changes } from './changes.ts';
import { curve } from './curve.ts';
import { gain } from './gain.ts';
import { methods } from './methods.ts';
import { overview } from './overview.ts';
import type { CachingTable } from './section.ts';
import { streams } from './streams.ts';

export const CACHING_TABLES: readonly CachingTable[] = [overview, gain, changes, curve, methods, streams];
