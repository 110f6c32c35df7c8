/** @module What a request costs: written over the bytes of the last one, or built from scratch. */
import { bench, describe } from 'vitest';
import { jsonText } from '../../protocol/call-arguments.ts';
import { statelessCall } from '../../protocol/stateless.ts';
import { traceContexts } from '../../protocol/trace.ts';
import { endpointOf } from '../endpoint.ts';
import { RequestBytes } from './request-bytes.ts';
import type { WireSocket } from './socket.ts';

const encode = statelessCall({ method: 'tools/call', tool: 'echo' }, {}, traceContexts(1));
const requests = new RequestBytes(endpointOf({ url: 'http://127.0.0.1:1/mcp', tls: { insecure: false } }));
const socket = { write: () => true } as unknown as WireSocket;
let seq = 100_000;

describe('the bytes of a call', () => {
  bench('patched', () => {
    seq += 1;
    requests.send(encode(seq, jsonText(`{"text":"hello ${seq}"}`)), socket);
  });

  bench('put together anew', () => {
    seq += 1;
    const { head, body, ascii, expected, inSession } = encode(seq, jsonText(`{"text":"hello ${seq}"}`));
    requests.send({ head, body, ascii, expected, inSession }, socket);
  });
});
