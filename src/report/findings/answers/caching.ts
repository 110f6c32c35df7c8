/** @module The answer about caching: what keeping results for their `ttlMs` saves. */
import type { Model } from '../../model.ts';
import { briefGain } from '../caching/gain.ts';

/** Undefined where no variant that keeps results is compared with the same load without it. */
export const cachingAnswer = (model: Model): string | undefined => briefGain(model);
