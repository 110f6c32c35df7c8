/** @module What `fleet.rounds` adds to an instance: the tool that asks back, with its key and, for one-time use, its store. */
import type { RoundSettings } from '../../profile/settings.ts';
import { openStore } from '../../state/open-store.ts';
import type { StateInput } from '../../state/state-input.ts';
import { systemClock } from '../../units/clock.ts';
import { type Fixtures, NO_FIXTURES } from '../offer/conformance/fixtures.ts';
import { deploy } from './deploy.ts';
import { stateCodec } from './request-state.ts';

/** The fixtures of an instance that keeps state as `state` says: it has the key and the store. */
export function roundFixtures(settings: RoundSettings, state: StateInput): Fixtures {
  const codec = stateCodec({ secret: state.secret, ttlMs: settings.ttlMs, clock: systemClock });
  const used = settings.once ? openStore(state.store) : undefined;
  return { ...NO_FIXTURES, tools: [deploy({ settings, codec, used })] };
}
