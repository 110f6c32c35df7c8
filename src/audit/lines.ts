/** @module The lines of a log, as a stream. */
import { createReadStream } from 'node:fs';

/** Characters after which a line is handed out although it has not ended: a file without line ends is no log. */
const LONGEST_LINE = 1024 * 1024;
/** Bytes read at a time. */
const CHUNK = 256 * 1024;

/**
 * The lines of the file at `path` from byte `from` on, in batches. The last line need not end. Rejects with the error of the
 * system.
 */
export async function* linesOf(path: string, from = 0): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', start: from, highWaterMark: CHUNK })) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop()!;
    if (rest.length > LONGEST_LINE) {
      lines.push(rest);
      rest = '';
    }
    yield lines;
  }
  if (rest !== '') yield [rest];
}
