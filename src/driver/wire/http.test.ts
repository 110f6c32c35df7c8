import { describeResponseReader, type ReadStream } from '../../http/conformance.case.ts';
import { BROKEN, COMPLETE, ResponseReader } from './response.ts';
import { Texts } from './texts.ts';

/** Feeds `parts` as reads of one connection, into memory that is used again and again. */
function read(parts: readonly Buffer[]): ReadStream {
  const reader = new ResponseReader(new Texts(), 'x-served-by');
  const memory = Buffer.alloc(64 * 1024);
  const messages: { start: string; body: string }[] = [];
  const take = (): void => {
    messages.push({ start: `${reader.head.status}`, body: reader.answer().body.toString('latin1') });
  };
  for (const part of parts) {
    memory.fill(0xaa);
    part.copy(memory);
    for (let at = 0; at < part.length; ) {
      at = reader.read(memory, at, part.length);
      if (reader.state === BROKEN) return { messages, refused: reader.fault };
      if (reader.state !== COMPLETE) continue;
      take();
      if (!reader.head.keepAlive) return { messages, refused: undefined };
      reader.clear();
    }
  }
  if (reader.finish()) take();
  return { messages, refused: undefined };
}

describeResponseReader({ name: 'the driver', read, body: ({ data }) => data, rules: { repeats: true } });
