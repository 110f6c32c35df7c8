import { describe, expect, it } from 'vitest';
import type { UnansweredInstance } from '../testbed/preparation.ts';
import { preparingOn } from './preparing.ts';

const unanswered: UnansweredInstance = {
  what: 'instance',
  instance: '2',
  hasAnswered: true,
  seen: 'the server responds to server/discover with an error (500)',
  withinUs: 30e6,
};

describe('what is said while a testbed starts', () => {
  it('is the answer of a server that is not MCP, once for the instances of a variant', () => {
    const lines: string[] = [];
    const show = preparingOn({ say: (line) => lines.push(line) });
    for (const instance of ['2', '1', '3']) show({ ...unanswered, instance }, 'mine');
    expect(lines).toEqual([
      'mine: instance 2 does not answer as MCP yet: the server responds to server/discover with an error (500); asking again for up to 30 s after its start (fleet.server.ready)',
    ]);
    show(unanswered, 'other');
    show({ ...unanswered, hasAnswered: false, seen: 'no answer' }, 'mine');
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/^other: instance 2 /),
      expect.stringMatching(/^mine: instance 2 does not answer as MCP yet: no answer; /),
    ]);
  });

  it('cannot break a line, whatever the server answers', () => {
    const lines: string[] = [];
    preparingOn({ say: (line) => lines.push(line) })({ ...unanswered, seen: 'a\nb\u001b[2J' }, 'x\ny');
    expect([...lines.join('')].filter((letter) => letter < ' ')).toEqual([]);
  });
});
