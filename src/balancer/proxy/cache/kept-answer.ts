/** @module An answer that can be given to whoever asks: its message, apart from the JSON-RPC id. */
import {
  AGE_ENTRY,
  CACHE_ENTRY,
  type CacheMark,
  type MarkedReason,
  REASON_ENTRY,
} from '../../../protocol/caching/marks.ts';
import { idJson } from '../../../protocol/call.ts';
import { membersAt, parsed } from '../../../protocol/json-members.ts';
import type { Micros } from '../../../units/time.ts';

/** The message before and after the value of its id; each character is a byte of its UTF-8. */
export interface KeptAnswer {
  readonly before: string;
  readonly after: string;
}

/** An answer from the cache to the request with `id`, and how it came about. */
export interface Given {
  readonly id: string | number;
  readonly answer: KeptAnswer;
  readonly mark: Exclude<CacheMark, 'miss'>;
  /** How long ago it was received. */
  readonly ageUs: Micros;
}

/**
 * The whole HTTP answer, to be written as Latin-1. `added`: field lines, each closed by CR LF. It names no
 * instance, because none gave it.
 */
export function givenText({ id, answer, mark, ageUs }: Given, added: string, close: boolean): string {
  const idText = idJson(id);
  const length = answer.before.length + idText.length + answer.after.length;
  return (
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\nserver: paceline-balancer\r\n` +
    `${added}server-timing: ${CACHE_ENTRY};desc=${mark}, ${AGE_ENTRY};dur=${(ageUs / 1000).toFixed(3)}\r\n` +
    `${close ? 'connection: close\r\n' : ''}\r\n${answer.before}${idText}${answer.after}`
  );
}

/** The line that marks a fetched answer, and says why it was fetched. */
export const missField = (reason: MarkedReason): string =>
  `server-timing: ${CACHE_ENTRY};desc=${'miss' satisfies CacheMark}, ${REASON_ENTRY};desc=${reason}\r\n`;

/** The answer in `text`, the JSON text of the message that answers `id`. Undefined when it does not, or is not valid. */
export function keptAnswer(text: string, id: string | number): KeptAnswer | undefined {
  const message = parsed(text);
  const span = membersAt(text, 0, ['id'])?.id;
  if (span === undefined || (message as { readonly id?: unknown } | undefined)?.id !== id) return undefined;
  return { before: bytesOf(text.slice(0, span.from)), after: bytesOf(text.slice(span.to)) };
}

/** The UTF-8 of `text`, one character for each byte. */
const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');
