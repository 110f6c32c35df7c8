import { describe, expect, it } from 'vitest';
import { Note } from '../result/note.ts';
import { noteText } from './note-text.ts';

const lag = {
  kind: 'send-lag',
  part: 'generator',
  percentile: 99,
  lagUs: 30_000,
  responseUs: 100_000,
} as const;
const load = { cpu: 0.97, connections: 64 };
const LAG = 'send lag p99 is 30 ms, 30 % of the response time p99 (100 ms)';

describe('a note in words', () => {
  it.each<[Note, string]>([
    [
      { kind: 'exited', part: 'fleet', instance: '2', code: 1, signal: null, output: '' },
      'instance 2 exited with code 1 during the run',
    ],
    [
      { kind: 'exited', part: 'balancer', code: null, signal: 'SIGKILL', output: 'one\ntwo' },
      'the balancer was ended by SIGKILL during the run; last lines of output: one\ntwo',
    ],
    [
      { kind: 'exited', part: 'authority', code: 1, signal: null, output: '' },
      'the authorization server exited with code 1 during the run',
    ],
    [
      { kind: 'instances-unnamed', part: 'target', header: 'x-pod' },
      'no answer has the header x-pod, so owner hits and balance are unknown (see target.instanceHeader)',
    ],
    [
      { kind: 'instances-unknown', part: 'target', header: 'x-served-by', value: 'cache-fra' },
      'the instances are unknown, and with them owner hits and balance: x-served-by does not tell them apart (cache-fra)',
    ],
    [
      { kind: 'ids-as-text', part: 'target' },
      'the answers repeat a numeric id as text; official clients accept that, and so do the agents',
    ],
    [
      { kind: 'cookies', part: 'target', kept: true },
      'cookies were set, and each agent sent its own back (agents.cookies: keep)',
    ],
    [
      { kind: 'cookies', part: 'fleet', kept: false },
      'cookies were set, and the agents dropped them (agents.cookies: drop)',
    ],
    [
      { kind: 'no-sessions', part: 'target' },
      'the server gives no session id: there are no sessions to lose, and sticky routes as round-robin does',
    ],
    [
      { kind: 'other-requests', part: 'target', reopened: 1, resumed: 3, answered: 2 },
      'beside calls and handshakes, agents opened 1 GET stream again that the server had ended, reconnected 3 times to a stream closed before its answer and answered 2 requests of the server',
    ],
    [
      { kind: 'other-requests', part: 'target', reopened: 0, resumed: 0, answered: 1 },
      'beside calls and handshakes, agents answered 1 request of the server',
    ],
    [
      { kind: 'list-pages', part: 'target', lists: 5, pages: 20 },
      'lists have several pages: 5 calls took 20 requests (calls[].pages)',
    ],
    [
      { kind: 'event-without-instance', part: 'events', event: 'kill', number: 2 },
      'kill found no instance 2 in service',
    ],
    [{ kind: 'event-without-instance', part: 'events', event: 'slow' }, 'slow found no instance in service'],
    [
      { kind: 'event-failed', part: 'events', event: 'add', reason: 'haproxy refuses it' },
      'add failed: haproxy refuses it',
    ],
    [
      { kind: 'event-failed', part: 'events', event: 'drain', instance: '3', reason: 'no answer' },
      'drain at instance 3 failed: no answer',
    ],
    [
      { ...lag, ...load, cause: 'thread-busy' },
      `${LAG}; a load thread was 97 % busy: lower the load or raise load.workers`,
    ],
    [
      { ...lag, ...load, cause: 'no-core' },
      `${LAG}; the load thread did not get a core in time: leave the machine more room, or lower the load`,
    ],
    [
      { ...lag, ...load, cause: 'no-core', coreWait: 0.3 },
      `${LAG}; a load thread waited for a core for 30 % of the time: leave the machine more room, or lower the load`,
    ],
    [
      { ...lag, cpu: 0.1, connections: 64, cause: 'unknown', coreWait: 0 },
      `${LAG}; a load thread came late to calls that were due, and was 10 % busy: leave the machine more room, or lower the load`,
    ],
    [
      {
        kind: 'read-lag',
        part: 'generator',
        percentile: 50,
        lagUs: 400,
        responseUs: 1000,
        cpu: 0.1,
        coreWait: 0.8,
      },
      'estimated read lag p50 is 400 us, 40 % of the response time p50 (1 ms): a load thread ran 10 % of the time and waited 80 % for a core, and came late to answers that were there; leave the machine more room, or lower the load',
    ],
    [
      { kind: 'stopped', part: 'generator', stoppedUs: 2e6, measuredUs: 5e6 },
      'a load thread stood still for 2 s of the 5 s that were measured, and a closed loop makes no calls meanwhile: leave the machine more room, or lower the load',
    ],
    [
      { ...lag, ...load, cause: 'connections-busy' },
      `${LAG}; calls waited for one of 64 busy connections: raise load.connections, or lower the load to what the server can take`,
    ],
    [
      { kind: 'read-lag', part: 'generator', percentile: 50, lagUs: 400, responseUs: 1000, cpu: 0.8 },
      'estimated read lag p50 is 400 us, 40 % of the response time p50 (1 ms): a load thread, 80 % busy, came late to answers that were there; lower the load, raise load.workers, or leave the machine more room',
    ],
    [
      { kind: 'pool-grew', part: 'generator', from: 64, to: 100, limit: 100 },
      'none of the 64 connections was free for some calls, so further ones were opened: up to 100, as many as load.maxConnections allows',
    ],
    [
      { kind: 'warming-up', part: 'load', firstUs: 21_800, lastUs: 9000, warmupUs: 0 },
      'still warming up: p50 was 21.8 ms in the first second and 9 ms at the end; raise load.warmup (no warm-up)',
    ],
    [
      { kind: 'warming-up', part: 'load', firstUs: 21_800, lastUs: 9000, warmupUs: 2_000_000 },
      'still warming up: p50 was 21.8 ms in the first second and 9 ms at the end; raise load.warmup (2 s of warm-up)',
    ],
  ])('of %j', (note, text) => {
    expect(noteText(Note.parse(note))).toBe(text);
  });
});
