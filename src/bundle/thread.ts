/** @module Starts a load thread from its bundle, in place of `generator/engine/worker.ts`. */
import { join } from 'node:path';
import { loadWithCache } from '../units/code-cache.ts';

loadWithCache(join(import.meta.dirname, '../../thread/main.js'));
