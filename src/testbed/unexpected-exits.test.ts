import { describe, expect, it } from 'vitest';
import type { Exit } from '../process/exit.ts';
import { UnexpectedExits } from './unexpected-exits.ts';

/** A process that ends when told to. */
function processThatEnds(exit: Exit): { readonly exited: Promise<Exit>; end(): Promise<void> } {
  const { promise, resolve } = withResolvers<Exit>();
  return {
    exited: promise,
    async end() {
      resolve(exit);
      await promise;
    },
  };
}

function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}

describe('unexpected exits', () => {
  it('are noted in the order in which they happen, without those that were expected', async () => {
    const exits = new UnexpectedExits();
    const crash = { code: 1, signal: null, log: 'boom' };
    const [first, second, third] = [crash, crash, crash].map(processThatEnds);
    exits.watch({ part: 'fleet', instance: '1' }, first!.exited);
    exits.watch({ part: 'fleet', instance: '2' }, second!.exited);
    exits.watch({ part: 'balancer' }, third!.exited);
    expect(exits.notes()).toEqual([]);
    await third!.end();
    exits.expect(second!.exited);
    await second!.end();
    await first!.end();
    expect(exits.notes()).toEqual([
      { kind: 'exited', part: 'balancer', code: 1, signal: null, output: 'boom' },
      { kind: 'exited', part: 'fleet', instance: '1', code: 1, signal: null, output: 'boom' },
    ]);
  });

  it('keep the last eight lines of output that say something', async () => {
    const exits = new UnexpectedExits();
    const lines = Array.from({ length: 12 }, (_, index) => `line ${index}`);
    const ending = processThatEnds({ code: null, signal: 'SIGKILL', log: lines.join('\n \n') });
    exits.watch({ part: 'balancer' }, ending.exited);
    await ending.end();
    expect(exits.notes()).toMatchObject([{ output: lines.slice(-8).join('\n') }]);
  });
});
