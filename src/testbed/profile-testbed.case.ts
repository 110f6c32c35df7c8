/** @module Testbeds for tests, from a few lines of a profile. */
import { join } from 'node:path';
import { parseProfile } from '../profile/profile.ts';
import type { Settings } from '../profile/settings.ts';
import type { StartContext } from './part.ts';
import { partsOf } from './parts.ts';
import { startTestbed, type Testbed } from './testbed.ts';

/** Commands run in the folder of the profiles, where there is a server to run. */
const FILE = join(import.meta.dirname, '../../profiles/profile.yaml');

/** The settings of a profile of these lines, which are added to a small load. */
export function settingsOf(...lines: readonly string[]): Settings {
  const start = ['version: 1', 'load: { rate: 10/s }', 'calls: [{ list: tools }]'];
  return parseProfile([...start, ...lines].join('\n'), FILE).variants[0]!.settings;
}

/** Starts the testbed of `settings`. */
export function startFor(
  settings: Settings,
  context: Pick<StartContext, 'keep' | 'onPreparing'> = {},
): Promise<Testbed> {
  return startTestbed(partsOf(settings, 1, { tls: { insecure: false } }), context);
}
