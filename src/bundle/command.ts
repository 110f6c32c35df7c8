/** @module Starts the command from its bundle, in place of `cli/main.ts`. */
import { join } from 'node:path';
import { tuneV8 } from '../generator/engine/v8-flags.ts';
import { loadWithCache } from '../units/code-cache.ts';

// Before all other code: V8 takes a compiled form only under the flags under which it was made.
tuneV8();
loadWithCache(join(import.meta.dirname, '../command/main.js'));
