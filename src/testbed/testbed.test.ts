import { describe, expect, it } from 'vitest';
import type { Note } from './note.ts';
import { type Offer, type Part, passive, type StartedPart } from './part.ts';
import { startTestbed } from './testbed.ts';

const endpoint = { url: 'http://127.0.0.1:1/mcp', era: 'stateless', headers: {} } as const;

/** What is to go wrong with a part. */
type Failure = 'start' | 'stop';

/** Parts `a`, `b` and `c`, which log what happens to them; `failing` are what goes wrong, as `start b`. */
function partsWith(
  failing: readonly string[],
  onStart: (name: string) => void = () => {},
): { readonly parts: readonly Part[]; readonly log: readonly string[] } {
  const log: string[] = [];
  const act = (what: Failure, name: string): void => {
    log.push(`${what} ${name}`);
    if (failing.includes(`${what} ${name}`)) throw new Error(`${what} ${name} failed`);
  };
  const part = (name: string): Part => ({
    async start() {
      act('start', name);
      onStart(name);
      return { ...passive({ endpoint }), stop: async () => act('stop', name) };
    },
  });
  return { parts: ['a', 'b', 'c'].map(part), log };
}

const STARTED = ['start a', 'start b', 'start c'];
const STOPPED = ['stop c', 'stop b', 'stop a'];

describe('the parts of a testbed', () => {
  it('are started in order, and stopped in reverse', async () => {
    const { parts, log } = partsWith([]);
    const testbed = await startTestbed(parts);
    expect(log).toEqual(STARTED);
    await testbed.stop();
    expect(log).toEqual([...STARTED, ...STOPPED]);
  });

  it.each([
    ['the first does not start', ['start a'], ['start a']],
    ['one in the middle does not start', ['start b'], ['start a', 'start b', 'stop a']],
    ['the last does not start', ['start c'], [...STARTED, 'stop b', 'stop a']],
    ['one fails to stop after that', ['start c', 'stop b'], [...STARTED, 'stop b', 'stop a']],
    ['all fail to stop after that', ['start c', 'stop b', 'stop a'], [...STARTED, 'stop b', 'stop a']],
  ])('are stopped as far as they were started, when %s', async (_, failing, expected) => {
    const { parts, log } = partsWith(failing);
    await expect(startTestbed(parts)).rejects.toThrow(`${failing[0]} failed`);
    expect(log).toEqual(expected);
  });

  it.each([
    ['the last', ['stop c'], 'stop c failed'],
    ['one in the middle', ['stop b'], 'stop b failed'],
    ['the first', ['stop a'], 'stop a failed'],
    ['several of them', ['stop c', 'stop a'], 'Several parts of the testbed failed to stop'],
  ])('are all stopped when %s fails to stop, and that is reported', async (_, failing, message) => {
    const { parts, log } = partsWith(failing);
    const testbed = await startTestbed(parts);
    await expect(testbed.stop()).rejects.toThrow(message);
    expect(log).toEqual([...STARTED, ...STOPPED]);
  });

  it.each([
    ['before the start', '', []],
    ['while the first starts', 'a', ['start a', 'stop a']],
    ['while the last starts', 'c', [...STARTED, ...STOPPED]],
  ])('are stopped when the start is aborted %s', async (_, during, expected) => {
    const abort = new AbortController();
    const abortDuring = (name: string): void => {
      if (name === during) abort.abort(new Error('interrupted'));
    };
    abortDuring('');
    const { parts, log } = partsWith([], abortDuring);
    await expect(startTestbed(parts, { signal: abort.signal })).rejects.toThrow('interrupted');
    expect(log).toEqual(expected);
  });

  it('must offer an endpoint, or are stopped again', async () => {
    const { parts, log } = partsWith([]);
    const [first] = parts;
    const silent: Part = { start: async (context) => ({ ...(await first!.start(context)), offers: {} }) };
    await expect(startTestbed([silent])).rejects.toThrow('No part of the testbed offers an endpoint');
    expect(log).toEqual(['start a', 'stop a']);
  });
});

describe('what parts offer', () => {
  it('is handed on: the last endpoint holds, and controls add up', async () => {
    const seen: Offer[] = [];
    const offering = (offers: Partial<Offer>): Part => ({
      async start({ offered }) {
        seen.push(offered);
        return passive(offers);
      },
    });
    const instances = [{ id: '1', url: endpoint.url }];
    const pause = (): void => {};
    const drain = async (): Promise<void> => {};
    const read = async () => ({ us: 1 });
    const meter = (measure: string) => ({ measure, read });
    const balanced = { ...endpoint, url: 'http://127.0.0.1:2/mcp' };
    const testbed = await startTestbed([
      offering({ endpoint, instances, controls: { pause }, meters: [meter('fleetCpu')] }),
      offering({}),
      offering({ endpoint: balanced, controls: { drain }, meters: [meter('authority')] }),
    ]);
    const nothing = { instances: [], standby: [], controls: {}, authControls: {}, meters: [], sampled: [] };
    const first = { ...nothing, endpoint, instances, controls: { pause }, meters: [meter('fleetCpu')] };
    expect(seen).toEqual([nothing, first, first]);
    expect(testbed).toMatchObject({
      endpoint: balanced,
      instances,
      controls: { pause, drain },
      meters: [meter('fleetCpu'), meter('authority')],
    });
  });

  it('has the notes of all, as they are when asked for', async () => {
    const notes: Note[] = [];
    const changing: StartedPart = { ...passive({ endpoint }), notes: () => [...notes] };
    const fixed: Note = { kind: 'instances-unnamed', part: 'target', header: 'x-none' };
    const testbed = await startTestbed([
      { start: async () => changing },
      { start: async () => passive({}, [fixed]) },
    ]);
    expect(testbed.notes()).toEqual([fixed]);
    const exited: Note = { kind: 'exited', part: 'balancer', code: 1, signal: null, output: '' };
    notes.push(exited);
    expect(testbed.notes()).toEqual([exited, fixed]);
  });

  it('is started with the folder to keep files in', async () => {
    const folders: (string | undefined)[] = [];
    const part: Part = {
      async start({ keep }) {
        folders.push(keep);
        return passive({ endpoint });
      },
    };
    await startTestbed([part], { keep: '/kept' });
    expect(folders).toEqual(['/kept']);
  });
});
