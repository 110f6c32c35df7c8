/** @module What changes during a load and is passed on to its threads. */
import type { AuthUpdate } from './load-auth.ts';
import type { CatalogueUpdate } from './load-cache.ts';

export type LoadUpdate = AuthUpdate | CatalogueUpdate;
