import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileTemplate } from '../../profile/template/template.ts';
import { type CallArguments, jsonText } from '../../protocol/call-arguments.ts';
import type { Request } from '../../protocol/request.ts';
import { sessionCall } from '../../protocol/sessions.ts';
import { discover, statelessCall } from '../../protocol/stateless.ts';
import { traceContexts } from '../../protocol/trace.ts';
import { randomAt } from '../../units/random.ts';
import { BodyBytes } from './body-bytes.ts';

const ENCODERS = [
  statelessCall({ method: 'tools/call', tool: 'ech\xf6' }, {}, traceContexts(3)),
  statelessCall({ method: 'resources/read', uri: 'x://1' }, {}),
  sessionCall({ method: 'tools/call', tool: 'echo' }, {}),
  sessionCall({ method: 'tools/list' }, {}, traceContexts(4)),
];

/** Arguments that are other ones in each call. */
function drawn(value: unknown): CallArguments {
  const template = compileTemplate(value, '');
  const context = (seq: number, agent: number) => ({ seq, agent, random: randomAt(1, 'argument', seq) });
  return {
    ascii: template.ascii,
    most: template.most,
    fixed: template.fixed,
    put: (id, agent, bytes, at) => template.put(context(id, agent), bytes, at),
    text: (id, agent) => template.render(context(id, agent)),
  };
}

const ARGUMENTS = [
  undefined,
  jsonText('{"text":"\u4e16\u754c"}'),
  jsonText(JSON.stringify('x'.repeat(9000))),
  drawn({ n: '{{seq}}', by: '{{agent}}', text: '{{oneOf a \u4e16\u754c}}{{randomString 20}}' }),
  drawn('{{randomString 10000}}{{randomInt 1 1000}}'),
  drawn({}),
];

const requests = fc.oneof(
  fc
    .tuple(fc.constantFrom(...ENCODERS), fc.constantFrom(...ARGUMENTS), fc.maxSafeNat(), fc.nat(99_999))
    .map(([encode, args, id, agent]) => encode(id, args, undefined, agent)),
  fc.string({ unit: 'binary' }).map((id): Request => discover(id, {})),
  fc
    .string({ unit: 'binary' })
    .map((body): Request => ({ ...discover(1, {}), body, ascii: Buffer.byteLength(body) === body.length })),
);

it('writes the body that the request has as text, as long as it says before', () => {
  const body = new BodyBytes();
  fc.assert(
    fc.property(
      fc.array(requests, { minLength: 1, maxLength: 4 }),
      fc.nat(9),
      fc.boolean(),
      (all, at, late) => {
        const lengths = all.map((request) => body.lengthOf(request));
        for (const [i, request] of all.entries()) {
          const wanted = Buffer.from(request.body);
          const length = late ? body.lengthOf(request) : lengths[i]!;
          expect(length).toBe(wanted.length);
          const bytes = Buffer.alloc(at + length + 3, 0x78);
          expect(body.put(request, bytes, at)).toBe(at + length);
          expect(bytes.subarray(at, at + length).equals(wanted)).toBe(true);
          expect(bytes.toString('latin1', 0, at) + bytes.toString('latin1', at + length)).toBe(
            'x'.repeat(at + 3),
          );
        }
      },
    ),
  );
});
