import {
  describeRequestReader,
  describeResponseReader,
  type ReadStream,
} from '../../http/conformance.case.ts';
import type { BodyEnd } from '../../http/framing.ts';
import {
  type ClientHead,
  instanceField,
  readClientHead,
  readUpstreamHead,
  type UpstreamHead,
} from './heads.ts';
import { MessageReader } from './message-reader.ts';
import { Reject } from './reject.ts';

/** What the proxy makes of a head. */
interface Summary {
  /** Undefined: interim, and no message of its own. */
  readonly start: string | undefined;
  /** The connection ends with the message. */
  readonly ends: boolean;
}

function readAll<Head extends { readonly body: BodyEnd }>(
  parts: readonly Buffer[],
  reader: MessageReader<Head>,
  summaryOf: (head: Head) => Summary,
): ReadStream {
  const messages: { start: string; body: string }[] = [];
  let now: (Summary & { readonly body: BodyEnd }) | undefined;
  let body = '';
  const end = (): void => {
    if (now?.start !== undefined) messages.push({ start: now.start, body });
    body = '';
  };
  try {
    for (const part of parts) {
      reader.push(part);
      for (let piece = reader.next(); piece !== undefined; piece = reader.next()) {
        if (piece.head !== undefined) now = { ...summaryOf(piece.head), body: piece.head.body };
        body += piece.chunk.toString('latin1', piece.from, piece.to);
        if (!piece.last) continue;
        end();
        if (now!.ends) return { messages, refused: undefined };
        now = undefined;
      }
    }
    if (now?.body === 'close') end();
    return { messages, refused: undefined };
  } catch (error) {
    if (!(error instanceof Reject)) throw error;
    return { messages, refused: error.status };
  }
}

const requestSummary = ({ method, target, close }: ClientHead): Summary => ({
  start: `${method} ${target.split('?')[0]}`,
  ends: close,
});

const responseSummary = ({ status, reusable }: UpstreamHead): Summary => ({
  start: status < 200 ? undefined : `${status}`,
  ends: status >= 200 && !reusable,
});

describeRequestReader({
  name: 'the proxy',
  // A proxy must know which host is meant, and speaks to the next hop for the client.
  rules: { host: true, http10: false },
  read: (parts) => readAll(parts, new MessageReader(readClientHead), requestSummary),
  body: ({ raw }) => raw,
});

const served = instanceField('x-served-by', 'i0');

describeResponseReader({
  name: 'the proxy',
  read: (parts) =>
    readAll(
      parts,
      new MessageReader((bytes, from, to) => readUpstreamHead(bytes, from, to, 'POST', served)),
      responseSummary,
    ),
  body: ({ raw }) => raw,
  rules: { repeats: false },
});
