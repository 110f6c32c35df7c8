/** @module What `fleet.rounds` adds to an instance: the tools that answer in several rounds, with their key and, for one-time use, their store. */
import type { RoundSettings } from '../../profile/settings.ts';
import { openStore } from '../../state/open-store.ts';
import type { StateInput } from '../../state/state-input.ts';
import { systemClock } from '../../units/clock.ts';
import { type Fixtures, NO_FIXTURES } from '../offer/conformance/fixtures.ts';
import { deploy } from './deploy.ts';
import { handOff } from './hand-off.ts';
import { stateCodec } from './request-state.ts';

/** The fixtures of an instance that keeps state as `state` says: it has the key and the store. */
export function roundFixtures(settings: RoundSettings, state: StateInput): Fixtures {
  const codec = stateCodec({ secret: state.secret, ttlMs: settings.ttlMs, clock: systemClock });
  const used = settings.once ? openStore(state.store) : undefined;
  const options = { settings, codec, used };
  return { ...NO_FIXTURES, tools: [deploy(options), handOff(options)] };
}
