import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerBody } from './answer-body.ts';
import { LargeMemory } from './large-memory.ts';

/** The body as it is read from its memory. */
function fromMemory(body: AnswerBody): Buffer {
  const { buffer, byteOffset } = body.memory();
  return Buffer.from(buffer, byteOffset + body.from, body.size);
}

describe('bodies that share memory', () => {
  it('keep what came, in pieces of any size, whatever is read into the memory of the reads and by the others', () => {
    const sizes = fc.array(fc.oneof(fc.nat(100), fc.nat(90_000)), { minLength: 1, maxLength: 5 });
    const one = fc.record({ sizes, expected: fc.constantFrom(0, 1, 70_000, 200_000, 1e12) });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), (all) => {
        const large = new LargeMemory();
        const bodies = [new AnswerBody(large), new AnswerBody(large)];
        const wanted = ['', ''];
        const read = Buffer.alloc(90_000);
        for (const [turn, { sizes, expected }] of all.entries()) {
          const which = turn % 2;
          const body = bodies[which]!;
          const letter = String.fromCharCode(0x61 + turn);
          body.clear();
          body.expected = expected;
          for (const size of sizes) {
            read.fill(letter);
            body.append(read, 0, size);
            body.hold();
          }
          wanted[which] = letter.repeat(sizes.reduce((sum, size) => sum + size, 0));
          read.fill('#');
          for (const [i, text] of wanted.entries()) {
            expect(bodies[i]!.size).toBe(text.length);
            expect(bodies[i]!.bytes().toString('latin1') === text).toBe(true);
            expect(fromMemory(bodies[i]!).toString('latin1') === text).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('use the memory of each other once they are cleared', () => {
    const large = new LargeMemory();
    const fill = (body: AnswerBody): ArrayBufferLike => {
      body.append(Buffer.alloc(300_000), 0, 300_000);
      body.hold();
      return body.memory().buffer;
    };
    const first = new AnswerBody(large);
    const memory = fill(first);
    expect(fill(new AnswerBody(large))).not.toBe(memory);
    first.clear();
    expect(fill(new AnswerBody(large))).toBe(memory);
  });
});
