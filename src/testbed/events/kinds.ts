/** @module The table of events: a new kind is one file and one row, beside its name in the profile. */
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

/** The kind of this name; `undefined` where a later version wrote another one into a result. */
export function eventKind(name: string): EventKind | undefined {
  return Object.hasOwn(EVENT_KINDS, name) ? EVENT_KINDS[name as FaultKind] : undefined;
}

/** Whether instances that an event of this kind is injected into leave, and take their sessions with them. */
export function takesAway(name: string): boolean {
  const serving = eventKind(name)?.serving;
  return serving === 'leave' || serving === 'replace';
}
