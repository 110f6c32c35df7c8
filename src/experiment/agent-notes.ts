/** @module Notes on what agents did beside their calls, and on what names itself in the answers, read from the recording of a trial. */
import { pages } from '../recording/measure/pages.ts';
import { sessions } from '../recording/measure/sessions.ts';
import { countsOf, type Recording, withInstances, withoutInstances } from '../recording/recording.ts';
import type { Note } from '../result/note.ts';

/** Where a load was sent. */
export interface Loaded {
  readonly part: 'target' | 'fleet';
  /** Names of the instances, where they are known. */
  readonly instances: readonly string[];
  /** The response header that should name them. */
  readonly instanceHeader: string;
}

/** A recording in which every name is that of an instance, and a note when there was none. */
export interface Instances {
  readonly recording: Recording;
  readonly notes: readonly Note[];
}

/**
 * Of known instances, every one has an entry, and other names count for nothing. Of a target, one name in all answers tells no
 * instances apart: a gateway or cache in front of them may have set it.
 */
export function knownInstances(recording: Recording, { part, instances, instanceHeader }: Loaded): Instances {
  const names = recording.byInstance.map(({ name }) => name);
  const known = new Set(instances);
  if (instances.length === 0 && names.length !== 1) return { recording, notes: [] };
  const other = instances.length === 0 ? names[0] : names.find((name) => !known.has(name));
  if (other === undefined) return { recording: withInstances(recording, instances), notes: [] };
  return {
    recording: withInstances(withoutInstances(recording), instances),
    notes: [{ kind: 'instances-unknown', part, header: instanceHeader, value: other }],
  };
}

/** The notes on sessions and requests that agents made beside their calls. */
export function agentNotes(recording: Recording, { part }: Loaded): readonly Note[] {
  const notes: Note[] = [];
  const counts = countsOf(recording, sessions);
  if (counts !== undefined && counts.opened === 0 && counts.withoutId > 0) {
    notes.push({ kind: 'no-sessions', part });
  }
  const {
    streamsReopened: reopened = 0,
    streamsResumed: resumed = 0,
    serverRequests: answered = 0,
  } = counts ?? {};
  if (reopened + resumed + answered > 0)
    notes.push({ kind: 'other-requests', part, reopened, resumed, answered });
  const lists = countsOf(recording, pages);
  if (lists !== undefined && lists.pages > lists.lists) notes.push({ kind: 'list-pages', part, ...lists });
  return notes;
}
