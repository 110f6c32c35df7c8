import { describe, expect, it } from 'vitest';
import { pages } from '../recording/measure/pages.ts';
import { SessionTally, sessions } from '../recording/measure/sessions.ts';
import { countsOf, type Recording } from '../recording/recording.ts';
import { recordingOf } from '../result/summary/result.case.ts';
import { agentNotes, knownInstances, type Loaded } from './agent-notes.ts';

const TARGET: Loaded = { part: 'target', instances: [], instanceHeader: 'x-served-by' };
const FLEET: Loaded = { part: 'fleet', instances: ['1', '2'], instanceHeader: 'x-served-by' };

/** A recording in which each of `names` answered a call in a session that it owns. */
function answeredBy(...names: readonly string[]): Recording {
  const tally = new SessionTally();
  Object.assign(tally, { opened: 2, ownerHits: 2, ownerCalls: 2, callsOnOwner: 2, callsInSession: 2 });
  const base = recordingOf([{ count: 2, responseUs: 1000, servedBy: 'x' }]);
  const [template] = base.byInstance;
  return {
    ...base,
    byInstance: names.map((name) => ({ ...template!, name, calls: 1 })),
    windows: base.windows.map((window) => ({ ...window, instances: { [names[0] ?? 'x']: 1 } })),
    measures: { [sessions.name]: tally.counts() },
  };
}

const namesIn = ({ byInstance }: Recording): readonly string[] => byInstance.map(({ name }) => name);

describe('the instances of a recording', () => {
  it('of a target are those that name themselves, when several do', () => {
    const { recording, notes } = knownInstances(answeredBy('a', 'b'), TARGET);
    expect([namesIn(recording), notes]).toEqual([['a', 'b'], []]);
  });

  it('of a target are unknown when every answer has the same name, and so are owners', () => {
    const { recording, notes } = knownInstances(answeredBy('cache-fra'), TARGET);
    expect(recording.byInstance).toEqual([]);
    expect(recording.windows.some((window) => 'instances' in window)).toBe(false);
    expect(countsOf(recording, sessions)).toMatchObject({
      opened: 2,
      ownerHits: 0,
      ownerCalls: 0,
      callsInSession: 0,
    });
    expect(notes).toEqual([
      { kind: 'instances-unknown', part: 'target', header: 'x-served-by', value: 'cache-fra' },
    ]);
  });

  it('of a fleet are all of its own, idle ones too', () => {
    const { recording, notes } = knownInstances(answeredBy('1'), FLEET);
    expect([namesIn(recording), notes]).toEqual([['1', '2'], []]);
    expect(countsOf(recording, sessions)).toMatchObject({ ownerHits: 2 });
  });

  it('of a fleet are unknown when answers have other names', () => {
    const { recording, notes } = knownInstances(answeredBy('1', 'cache-fra'), FLEET);
    expect(recording.byInstance.map(({ name, calls }) => [name, calls])).toEqual([
      ['1', 0],
      ['2', 0],
    ]);
    expect(notes).toMatchObject([{ kind: 'instances-unknown', part: 'fleet', value: 'cache-fra' }]);
  });
});

describe('the notes on agents', () => {
  const noted = (counts: Partial<SessionTally>, lists = { lists: 0, pages: 0 }) => {
    const tally = Object.assign(new SessionTally(), counts);
    const measures = { [sessions.name]: tally.counts(), [pages.name]: lists };
    return agentNotes({ ...recordingOf([]), measures }, TARGET).map(({ kind }) => kind);
  };

  it.each([
    [{ opened: 4 }, []],
    [{ withoutId: 4 }, ['no-sessions']],
    [{ opened: 1, withoutId: 3 }, []],
    [{ opened: 4, streamsReopened: 1 }, ['other-requests']],
    [{ opened: 4, streamsResumed: 1, serverRequests: 2 }, ['other-requests']],
  ] as const)('%j', (counts, kinds) => expect(noted(counts)).toEqual(kinds));

  it('mention lists of several pages', () => {
    expect(noted({ opened: 1 }, { lists: 3, pages: 3 })).toEqual([]);
    expect(noted({ opened: 1 }, { lists: 3, pages: 12 })).toEqual(['list-pages']);
  });

  it('are none in the stateless era', () => {
    expect(agentNotes({ ...recordingOf([]), measures: {} }, TARGET)).toEqual([]);
  });
});
