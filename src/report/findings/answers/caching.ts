/** @module The answer about caching: what keeping results for their `ttlMs` saves. */
import type { Model } from '../../model.ts';
import { gainFindings } from '../caching/gain.ts';

/** Undefined where no variant that keeps results is compared with the same load without it. */
export const cachingAnswer = (model: Model): string | undefined => gainFindings(model)[0]?.text;
