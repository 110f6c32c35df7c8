/** @module The table of events: a new kind needs one file and one row here, and its name in the profile. */
import type { FaultKind } from '../../profile/settings.ts';
import { add } from './add.ts';
import { drain } from './drain.ts';
import { kill } from './kill.ts';
import type { EventKind } from './kind.ts';
import { pause } from './pause.ts';
import { restart } from './restart.ts';
import { slow } from './slow.ts';

export const EVENT_KINDS: Readonly<Record<FaultKind, EventKind>> = {
  kill,
  add,
  pause,
  drain,
  restart,
  slow,
};

/** The kind with this name; `undefined` for a name in a result of a later version. */
export function eventKind(name: string): EventKind | undefined {
  return Object.hasOwn(EVENT_KINDS, name) ? EVENT_KINDS[name as FaultKind] : undefined;
}

/** Whether the affected instances leave service and their sessions are lost. */
export function takesAway(name: string): boolean {
  const serving = eventKind(name)?.serving;
  return serving === 'leave' || serving === 'replace';
}
