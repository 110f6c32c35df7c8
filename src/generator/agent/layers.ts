/** @module Which layers an agent has. */
import type { Era } from '../../profile/settings.ts';
import { sharedHeaders, type UserHeaders } from '../../profile/template/header-text.ts';
import { SessionTally, sessions } from '../../recording/measure/sessions.ts';
import type { Tallies } from '../../recording/measure/tallies.ts';
import type { Micros } from '../../units/time.ts';
import type { Layer } from './caller.ts';
import type { ForeignServer } from './foreign-server.ts';
import { ownHeadersLayers } from './own-headers.ts';
import { sessionLayer } from './session.ts';
import { SessionLog } from './session-log.ts';

/** The layers of agent number `agent`, from the driver up. */
export type LayersOf = (agent: number) => readonly Layer[];

/** What layers need. */
export interface LayersOptions {
  readonly era: Era;
  /** The user's, sent with every request. */
  readonly headers: UserHeaders;
  readonly now: () => Micros;
  /** Absent: a built-in server. */
  readonly foreign?: ForeignServer | undefined;
  /** Where layers count what the sample of a call does not hold, such as lost sessions. Absent: the counts are not read. */
  readonly tallies?: Tallies;
}

/** The layers that `options` ask for. */
export function layersOf({ era, headers, now, tallies, foreign }: LayersOptions): LayersOf {
  const ownOf = ownHeadersLayers(headers);
  if (era === 'stateless') return ownOf;
  const log = new SessionLog(tallies?.of(sessions) ?? new SessionTally());
  const shared = { headers: sharedHeaders(headers), now, log };
  return (agent) => [...ownOf(agent), sessionLayer(shared, agent === 0 ? foreign?.session : undefined)];
}
