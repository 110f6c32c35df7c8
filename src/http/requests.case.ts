/** @module Valid requests of all shapes, drawn by fast-check. */
import fc from 'fast-check';
import { bodies, codings, inChunks } from './responses.case.ts';

const names = fc.constantFrom('Accept', 'Mcp-Method', 'X-Request-Id', 'Content-Lengthy', 'Hosts', 'Origin');
const value = fc
  .array(fc.constantFrom(...'abcXYZ019 ,;:="/-\t\xe9'), { maxLength: 30 })
  .map((characters) => characters.join('').trim());
const spacing = fc.constantFrom('', ' ', '  ', '\t');

/** One valid request; `closes`: the connection ends with it. */
export function requests(closes: boolean): fc.Arbitrary<Buffer> {
  return fc
    .record({
      method: fc.constantFrom('POST', 'POST', 'GET', 'DELETE'),
      target: fc.constantFrom('/mcp', '/', '/a/b', '/mcp?x=1'),
      framing: fc.constantFrom('length', 'chunked', 'none'),
      content: bodies,
      coding: codings,
      others: fc.array(fc.tuple(names, spacing, value, spacing), { maxLength: 4 }),
      connection: fc.constantFrom(...(closes ? ['close', 'x-mine, Close'] : ['', 'keep-alive', 'x-mine'])),
    })
    .map(({ method, target, framing, content, coding, others, connection }) => {
      const lines = [
        `${method} ${target} HTTP/1.1`,
        'Host: a',
        ...others.map(([name, before, text, after]) => `${name}:${before}${text}${after}`),
        ...(connection === '' ? [] : [`Connection: ${connection}`]),
        ...(framing === 'length' ? [`Content-Length: ${content.length}`] : []),
        ...(framing === 'chunked' ? ['Transfer-Encoding: chunked'] : []),
      ];
      const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
      const body = framing === 'length' ? content : Buffer.alloc(0);
      return Buffer.concat([head, framing === 'chunked' ? inChunks(content, coding) : body]);
    });
}
