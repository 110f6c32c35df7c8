/** @module Compares the recognition of answers by their form with the full classifier, on good answers that were damaged or forged at random. */
import { type Random, randomAt } from '../units/random.ts';
import type { Answer } from './answer.ts';
import { AnswerSkeleton } from './answer-skeleton.ts';
import { classifySlow, OK } from './classify.ts';
import { isPlainlyGood } from './plainly-good.ts';

/** What became of the mutated answers. */
export interface Compared {
  readonly mutated: number;
  /** Had the form of a known answer. */
  readonly recognised: number;
  /** Did not, and were found good by a check of all bytes. */
  readonly scanned: number;
  /** Answers that were recognised or found good, although the full classifier says otherwise. */
  readonly differences: readonly string[];
}

interface Kind {
  readonly name: 'json' | 'events';
  readonly contentType: string;
}

const JSON_KIND: Kind = { name: 'json', contentType: 'application/json' };
const EVENTS: Kind = { name: 'events', contentType: 'text/event-stream' };

/** A good answer, and its form. */
interface Known {
  readonly kind: Kind;
  readonly body: Buffer;
  readonly id: number;
  readonly skeleton: AnswerSkeleton;
}

const MESSAGES = [
  '{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete","content":[{"type":"text","text":"hello, world"}],"isError":false}}',
  '{"result":{"content":[{"type":"text","text":"{\\"id\\":7,\\"error\\":{}}"}]},"jsonrpc":"2.0","id":41}',
  '{"jsonrpc":"2.0","id":123456,"result":{}}',
  '{"jsonrpc":"2.0","id":5,"result":{"resultType":"complete","content":[]}}',
  '{ "jsonrpc": "2.0", "result": { "tools": [ { "name": "a", "description": "first" }, { "name": "b" } ] }, "id": 9 }',
  '{"id":3,"result":{"structuredContent":{"id":3,"result":{"isError":true}},"isError":false},"jsonrpc":"2.0","more":"x"}',
  '{"jsonrpc":"2.0","id":10,"id":10,"result":{"a":1},"result":{"resultType":"complete","t":"é😀\\u00e9\\n"}}',
];
const KINDS = [JSON_KIND, EVENTS];

/** Pieces that are put in: members that change the meaning, in every disguise, and bytes that break the text. */
const PIECES = [
  '"isError":true,',
  ',"isError":true',
  '"error":{"code":1,"message":"m"},',
  ',"error":{"code":1,"message":"m"}',
  '"method":"ping",',
  ',"id":8',
  '"id":8,',
  ',"resultType":"task"',
  '"resultType":"input_required",',
  'task',
  'input_required',
  '"isErr\\u006fr":true,',
  '"err\\u006fr":{"code":1},',
  ',"result":null',
  '"},{"type":"text","text":"',
  '","isError":true,"x":"',
  '"}],"isError":true,"y":[{"z":"',
  '"}}',
  '\\"',
  '\\u0022',
  '\\u00',
  '\\',
  '"',
  '{',
  '}',
  '[]',
  ',',
  '\n',
  '\r\n',
  '\n\n',
  'data: ',
  ' ',
  '\ufeff',
  '\u0000',
  '0',
  '9',
  '.0',
  'e1',
];

/** Mutates `count` answers, the same ones under the same `seed`. */
export function compareMutated(count: number, seed: number): Compared {
  const random = randomAt(seed, 'argument');
  const pool = MESSAGES.flatMap((message) => KINDS.map((kind) => knownOf(message, kind)));
  const differences: string[] = [];
  let recognised = 0;
  let scanned = 0;
  for (let i = 0; i < count; i += 1) {
    const slot = random.below(pool.length);
    const base = pool[slot]!;
    const { body, id } = mutated(base, pool, random);
    const hit = fits(base, body, id) || fits(pool[random.below(pool.length)]!, body, id, base.kind);
    const plain = isPlainlyGood(body, base.kind.name, id, true);
    if (hit) recognised += 1;
    else if (plain) scanned += 1;
    if ((hit || plain) && !isGood(body, base.kind, id)) differences.push(`${base.kind.name} ${id}: ${body}`);
    // Good answers of new forms are the bases of later ones.
    if (!plain || hit || body.length > 2000 || random.below(4) > 0) continue;
    const skeleton = AnswerSkeleton.of(body, base.kind.name, id, true);
    if (skeleton !== undefined) pool[slot] = { kind: base.kind, body, id, skeleton };
  }
  return { mutated: count, recognised, scanned, differences };
}

function knownOf(message: string, kind: Kind): Known {
  const body = Buffer.from(kind === JSON_KIND ? message : `event: message\ndata: ${message}\n\n`);
  const id = (JSON.parse(message) as { readonly id: number }).id;
  return { kind, body, id, skeleton: AnswerSkeleton.of(body, kind.name, id, true)! };
}

function fits({ skeleton, kind }: Known, body: Buffer, id: number, asked = kind): boolean {
  if (kind !== asked) return false;
  return skeleton.fits(new DataView(body.buffer, body.byteOffset, body.length), 0, body.length, id);
}

function isGood(body: Buffer, { contentType }: Kind, id: number): boolean {
  const answer: Answer = { status: 200, statusText: 'OK', contentType, body };
  return classifySlow(answer, { expected: { kind: 'result', id }, inSession: false }, true) === OK;
}

/** A body made from `base`, and the id that is asked for. */
function mutated(
  base: Known,
  pool: readonly Known[],
  random: Random,
): { readonly body: Buffer; readonly id: number } {
  let { body, id } = base;
  if (random.below(2) === 0) {
    const other = random.below(4) === 0 ? random.below(10) : random.below(2_000_000);
    const renamed = body.toString('latin1').replaceAll(`"id":${id}`, `"id":${other}`);
    body = Buffer.from(renamed, 'latin1');
    if (random.below(8) > 0) id = other;
  }
  for (let left = random.below(4); left > 0; left -= 1) body = damaged(body, pool, random);
  return { body, id };
}

/** `body` with one change. */
function damaged(body: Buffer, pool: readonly Known[], random: Random): Buffer {
  const at = random.below(body.length + 1);
  const to = Math.min(body.length, at + random.below(random.below(8) === 0 ? 60 : 6));
  const piece = Buffer.from(PIECES[random.below(PIECES.length)]!);
  switch (random.below(9)) {
    case 0:
      return spliced(body, at, at + 1, Buffer.of(random.below(256)));
    case 1:
      return spliced(body, at, to, Buffer.alloc(0));
    case 2:
      return spliced(body, at, at, piece);
    case 3:
      return spliced(body, at, to, piece);
    case 4:
      return body.subarray(0, at);
    case 5:
      return spliced(body, at, at, body.subarray(at, to));
    case 6: {
      const other = pool[random.below(pool.length)]!.body;
      return Buffer.concat([body.subarray(0, at), other.subarray(random.below(other.length))]);
    }
    case 7:
      return exchanged(body, random);
    default:
      return reworded(body, piece, random);
  }
}

/** With `piece` in place of the bytes in [`from`, `to`). */
function spliced(body: Buffer, from: number, to: number, piece: Buffer): Buffer {
  return Buffer.concat([body.subarray(0, from), piece, body.subarray(to)]);
}

/** With the text between two commas in the place of another one: members change their order or their object. */
function exchanged(body: Buffer, random: Random): Buffer {
  const parts = body.toString('latin1').split(',');
  const one = random.below(parts.length);
  const two = random.below(parts.length);
  [parts[one], parts[two]] = [parts[two]!, parts[one]!];
  return Buffer.from(parts.join(','), 'latin1');
}

/** With `piece` at the beginning of a string or in its place, mostly so that the string stays one. */
function reworded(body: Buffer, piece: Buffer, random: Random): Buffer {
  const starts = [...body.keys()].filter((i) => body[i] === 0x22);
  const which = random.below(starts.length + 1);
  const from = (starts[which] ?? 0) + 1;
  const to = random.below(2) === 0 ? from : (starts[which + 1] ?? from);
  const text = random.below(4) === 0 ? piece : Buffer.from(JSON.stringify(piece.toString()).slice(1, -1));
  return spliced(body, from, to, text);
}
