import { createServer, request } from 'node:http';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { damaged, requestStreams, responseStreams } from './conformance.case.ts';
import { oracleRequests, oracleResponses } from './oracle.case.ts';

/** What Node made of a message. */
interface Made {
  readonly start: string;
  readonly data: string;
}

/** One end of a connection: gives `bytes` and then ends, and swallows what it is sent. */
function connection(bytes: Buffer): Duplex {
  const stream: Duplex = new Duplex({
    read() {
      stream.push(bytes);
      stream.push(null);
    },
    write(_chunk, _encoding, done) {
      done();
    },
  });
  return stream;
}

/** The requests that Node's server makes of `bytes`, up to the first that it refuses. */
async function nodeRequests(bytes: Buffer): Promise<readonly Made[]> {
  const made: Made[] = [];
  const server = createServer({ requireHostHeader: false }, (message, response) => {
    let data = '';
    message.setEncoding('latin1').on('data', (text: string) => {
      data += text;
    });
    message.on('error', () => {});
    message.on('end', () => {
      made.push({ start: `${message.method} ${message.url!.split('?')[0]}`, data });
      response.end();
    });
  });
  server.on('clientError', (_, socket) => socket.destroy());
  const socket = connection(bytes);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  server.emit('connection', socket);
  await closed;
  return made;
}

/** The answer that Node's client makes of `bytes`; undefined when it refuses it or finds it incomplete. */
function nodeResponse(bytes: Buffer): Promise<Made | undefined> {
  return new Promise((resolve) => {
    let asked = false;
    const stream: Duplex = new Duplex({
      read() {},
      write(_chunk, _encoding, done) {
        if (!asked) {
          stream.push(bytes);
          stream.push(null);
        }
        asked = true;
        done();
      },
    });
    const exchange = request({ method: 'POST', createConnection: () => stream }, (response) => {
      let data = '';
      response.setEncoding('latin1').on('data', (text: string) => {
        data += text;
      });
      response.on('error', () => resolve(undefined));
      response.on('end', () => resolve({ start: `${response.statusCode}`, data }));
    });
    exchange.on('error', () => resolve(undefined));
    exchange.on('upgrade', () => resolve(undefined));
    exchange.end();
  });
}

/** Where Node departs from RFC 9112: it checks what chunk extensions say, and a tab is part of a length or coding that it follows. */
const comparable = (bytes: Buffer): boolean =>
  !bytes.includes(';') && !/(?:content-length|transfer-encoding):[^\r\n]*\t/i.test(bytes.toString('latin1'));
/** Node knows methods by name. */
const KNOWN = /^(?:GET|POST|DELETE) /;

describe('the plain reader beside Node', () => {
  it('makes of valid requests what Node makes of them', async () => {
    await fc.assert(
      fc.asyncProperty(requestStreams, async (messages) => {
        const stream = Buffer.concat(messages);
        const { messages: own } = oracleRequests(stream, { host: false, http10: true });
        expect(await nodeRequests(stream)).toEqual(own.map(({ start, data }) => ({ start, data })));
      }),
      { numRuns: 100 },
    );
  });

  it('takes no damaged request that Node refuses or reads otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(damaged(requestStreams).filter(comparable), async (stream) => {
        const { messages, length } = oracleRequests(stream, { host: false, http10: true });
        fc.pre(messages.every(({ start }) => KNOWN.test(start)));
        const own = messages.map(({ start, data }) => ({ start, data }));
        // What lies beyond makes Node drop the connection, and what it had read with it.
        expect(await nodeRequests(stream.subarray(0, length))).toEqual(own);
      }),
      { numRuns: 500 },
    );
  });

  it('takes no damaged answer that Node refuses or reads otherwise', async () => {
    const first = damaged(responseStreams.map((messages) => messages.slice(0, 1)));
    await fc.assert(
      fc.asyncProperty(first.filter(comparable), async (stream) => {
        const { messages, length } = oracleResponses(stream, { repeats: true });
        fc.pre(messages.length === 1);
        const [own] = messages.map(({ start, data }) => ({ start, data }));
        expect(await nodeResponse(stream.subarray(0, length))).toEqual(own);
      }),
      { numRuns: 500 },
    );
  });
});
