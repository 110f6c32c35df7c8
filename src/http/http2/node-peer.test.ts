import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, CodecClient, type Field, type SeenRequest, startNodeServer } from './node-peer.case.ts';
import { STATIC_LAST, STATIC_NAMES } from './static-table.ts';

const NAMES = ['x-a', 'x-session', 'mcp-name', 'accept', 'via', 'x-request-id', 'authorization', 'vary'];
const VALUES = ['', 'a', '*/*', 'application/json', 'i-1', 'i-2', 'x'.repeat(200), 'y'.repeat(5000)];

/** Visible ASCII, with spaces inside: what node:http2 lets through unchanged. */
const value = fc.oneof(fc.constantFrom(...VALUES), fc.stringMatching(/^[!-~]([ -~]{0,40}[!-~])?$/));
const field: fc.Arbitrary<Field> = fc.tuple(fc.constantFrom(...NAMES), value);
const fields = fc.array(field, { maxLength: 8 });
/** Table sizes of both sides: none, one that evicts all the time, the usual, a larger one. */
const tableBytes = fc.constantFrom(0, 100, 300, 4096, 65_536);

const HEAD = [':method', 'POST', ':scheme', 'http', ':authority', 'localhost', ':path', '/mcp'];
const exchange = fc.record({ head: fields, varying: fields, answer: fields, trailers: fields });

/** Fields of the same name next to each other, as node:http2 sends them. */
const inOrder = (list: readonly Field[]): readonly Field[] =>
  [...new Set(list.map(([name]) => name))].flatMap((name) => list.filter((other) => other[0] === name));

describe('header compression against node:http2', () => {
  it('understands and is understood, whatever the tables hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        tableBytes,
        tableBytes,
        fc.array(exchange, { maxLength: 6 }),
        async (theirs, ours, list) => {
          const seen: SeenRequest[] = [];
          const answers: Answer[] = list.map(({ answer }) => ({
            status: 200,
            fields: [['date', 'now'], ...answer.filter(([name]) => name !== 'authorization')],
            body: 'hello',
          }));
          const server = await startNodeServer(
            (request) => {
              seen.push(request);
              return answers[seen.length - 1]!;
            },
            { settings: { headerTableSize: theirs } },
          );
          const client = new CodecClient(server, { HEADER_TABLE_SIZE: ours });
          // Each head twice: it is learned first and indexed then, as long as the table has room.
          for (const [i, { head, varying }] of list.entries()) {
            const sent = [...HEAD, ...head.flat()];
            const got = await client.request(sent, varying.flat());
            expect(got).toEqual({
              status: 200,
              fields: inOrder(answers[i]!.fields),
              body: 'hello',
              fault: undefined,
            });
            expect(seen[i]!.fields).toEqual([...sent, ...varying.flat()]);
          }
          client.close();
          server.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('repeats a head as indices only, which node:http2 understands', async () => {
    const seen: SeenRequest[] = [];
    const server = await startNodeServer((request) => {
      seen.push(request);
      return { status: 204, fields: [], body: '' };
    });
    const client = new CodecClient(server);
    const head = [...HEAD, 'accept', 'application/json, text/event-stream', 'mcp-method', 'tools/call'];
    for (let i = 0; i < 5; i += 1) await client.request(head, ['content-length', String(i)], 'x'.repeat(i));
    expect(seen.map(({ fields, body }) => [fields, body])).toEqual(
      [0, 1, 2, 3, 4].map((i) => [[...head, 'content-length', String(i)], 'x'.repeat(i)]),
    );
    client.close();
    server.close();
  });

  it('has the static table of node:http2', async () => {
    const server = await startNodeServer(({ fields }) => ({
      status: 200,
      fields: [],
      body: fields.join('|'),
    }));
    const client = new CodecClient(server);
    // Names that a request may not have, or not with an empty value.
    const left = new Set(['content-length', 'transfer-encoding', 'host']);
    const names = STATIC_NAMES.slice(15, STATIC_LAST + 1).filter((name) => !left.has(name));
    const { body } = await client.request(
      HEAD,
      names.flatMap((name) => [name, 'v']),
    );
    expect(body).toBe([...HEAD, ...names.flatMap((name) => [name, 'v'])].join('|'));
    client.close();
    server.close();
  });

  it.each([200, 204, 206, 304, 400, 404, 500, 201, 599])('reads status %i of node:http2', async (status) => {
    const server = await startNodeServer(() => ({ status, fields: [['date', 'now']], body: '' }));
    const client = new CodecClient(server);
    expect(await client.request(HEAD)).toEqual({
      status,
      fields: [['date', 'now']],
      body: '',
      fault: undefined,
    });
    client.close();
    server.close();
  });
});

describe('frames against node:http2', () => {
  it.each([0, 1, 16_384, 16_385, 60_000])(
    'sends heads and bodies of %i bytes, and reads larger ones',
    async (length) => {
      const text = 'z'.repeat(length);
      const server = await startNodeServer(
        ({ fields, body }) => ({
          status: 200,
          fields: [
            ['date', 'now'],
            ['x-large', fields[fields.indexOf('x-large') + 1]!],
          ],
          body: body.repeat(20),
          trailers: [['x-checksum', 'none']],
        }),
        { settings: { maxHeaderListSize: 100_000 } },
      );
      const client = new CodecClient(server);
      const large = 'q'.repeat(Math.min(length, 40_000));
      const got = await client.request([...HEAD, 'x-large', large], [], text);
      expect(got.fault).toBe(undefined);
      expect(got.fields).toEqual([
        ['date', 'now'],
        ['x-large', large],
      ]);
      expect(got.body === text.repeat(20)).toBe(true);
      client.close();
      server.close();
    },
  );
});
