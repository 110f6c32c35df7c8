/** @module Valid responses of all shapes, drawn by fast-check, and ways to cut them. */
import fc from 'fast-check';

/** A response with what a reader must find in it. */
export interface Scripted {
  readonly bytes: Buffer;
  readonly status: number;
  readonly body: Buffer;
  readonly framing: 'length' | 'chunked' | 'close' | 'none';
  readonly contentType: string | undefined;
  readonly servedBy: string | undefined;
  readonly serverTiming: string | undefined;
  /** The connection ends with it. */
  readonly closes: boolean;
}

const LINE_ENDS = [13, 10, 48, 58];

/** Bytes, with those that mean something to a parser more often. */
export const bodies: fc.Arbitrary<Buffer> = fc
  .array(fc.oneof(fc.nat(255), fc.constantFrom(...LINE_ENDS)), { maxLength: 300 })
  .map((bytes) => Buffer.from(bytes));

const names = fc.constantFrom(
  'Date',
  'Server',
  'X-Request-Id',
  'ETag',
  'Content-Lengthy',
  'X-Served-Bx',
  'Vary',
);
const value = fc
  .array(fc.constantFrom(...'abcXYZ019 ,;:="/-\t\xe9'), { maxLength: 30 })
  .map((characters) => characters.join('').trim());
const optional = fc.option(
  value.filter((text) => text !== ''),
  { nil: undefined },
);
const spacing = fc.constantFrom('', ' ', '  ', '\t');

/** How a body is cut into chunks. */
export interface Coding {
  readonly sizes: readonly number[];
  readonly extension: string;
  readonly trailers: string;
}

export const codings: fc.Arbitrary<Coding> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
  extension: fc.constantFrom('', ';a', ';a=b', ';a="b c"'),
  trailers: fc.constantFrom('', 'X-Sum: 1\r\n', 'A: b\r\nServer-Timing: late\r\n'),
});

/** One valid response. */
export function scripted(): fc.Arbitrary<Scripted> {
  return fc
    .record({
      framing: fc.constantFrom<Scripted['framing'][]>('length', 'chunked', 'none', 'close'),
      content: bodies,
      coding: codings,
      contentType: fc.constantFrom('application/json', 'text/event-stream', undefined),
      servedBy: optional,
      serverTiming: optional,
      others: fc.array(fc.tuple(names, spacing, value, spacing), { maxLength: 5 }),
      interim: fc.constantFrom(
        '',
        'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
        'HTTP/1.1 102 Processing\r\n\r\n',
      ),
      status: fc.constantFrom(200, 200, 201, 400, 404, 500, 503),
    })
    .map(({ framing, content, ...drawn }) => {
      const status = framing === 'none' ? 204 : drawn.status;
      const body = framing === 'none' ? Buffer.alloc(0) : content;
      const lines = [
        `HTTP/1.1 ${status} Text`,
        ...drawn.others.map(([name, before, text, after]) => `${name}:${before}${text}${after}`),
        ...(drawn.contentType === undefined ? [] : [`Content-Type: ${drawn.contentType}`]),
        ...(drawn.servedBy === undefined ? [] : [`x-served-by: ${drawn.servedBy}`]),
        ...(drawn.serverTiming === undefined ? [] : [`Server-Timing:${drawn.serverTiming}`]),
        ...(framing === 'length' ? [`Content-Length: ${body.length}`] : []),
        ...(framing === 'chunked' ? ['Transfer-Encoding: chunked'] : []),
      ];
      const head = Buffer.from(`${drawn.interim}${lines.join('\r\n')}\r\n\r\n`, 'latin1');
      return {
        bytes: Buffer.concat([head, framing === 'chunked' ? inChunks(body, drawn.coding) : body]),
        status,
        body,
        framing,
        contentType: drawn.contentType,
        servedBy: drawn.servedBy,
        serverTiming: drawn.serverTiming,
        closes: framing === 'close',
      };
    });
}

/** `body` in the chunked coding. */
export function inChunks(body: Buffer, { sizes, extension, trailers }: Coding): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0, i = 0; at < body.length; i += 1) {
    const data = body.subarray(at, at + sizes[i % sizes.length]!);
    parts.push(Buffer.from(`${data.length.toString(16)}${extension}\r\n`), data, Buffer.from('\r\n'));
    at += data.length;
  }
  return Buffer.concat([...parts, Buffer.from(`0${extension}\r\n${trailers}\r\n`)]);
}

/** Ways to cut bytes into pieces. */
export const pieces: fc.Arbitrary<(bytes: Buffer) => Buffer[]> = fc
  .array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 })
  .map((sizes) => (bytes: Buffer) => {
    const parts: Buffer[] = [];
    for (let at = 0, i = 0; at < bytes.length; i += 1) {
      const part = bytes.subarray(at, at + sizes[i % sizes.length]!);
      parts.push(part);
      at += part.length;
    }
    return parts;
  });
