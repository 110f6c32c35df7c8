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
      { kind: 'instances-unnamed', part: 'target', header: 'x-pod' },
      'the answers carry no x-pod, so the instance that served a call is unknown, and with it owner hits and balance (target.instanceHeader names another header; target.instances puts a balancer in front that adds the header)',
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
      `${LAG}; a load thread was 97 % busy: lower load.rate or raise load.workers`,
    ],
    [
      { ...lag, ...load, cause: 'no-core' },
      `${LAG}; the load thread did not get a core in time: leave the machine more room, or lower load.rate`,
    ],
    [
      { ...lag, ...load, cause: 'connections-busy' },
      `${LAG}; calls waited for one of 64 busy connections: raise load.connections, or lower load.rate to what the server can take`,
    ],
  ])('of %j', (note, text) => {
    expect(noteText(Note.parse(note))).toBe(text);
  });
});
