import { GOOD } from '../../certificates.case.ts';
import type { Skip } from '../../conformance/suite.case.ts';
import { describeDriver } from '../../driver.case.ts';
import { rawHttp2Server } from '../../raw-http2-server.case.ts';
import { createWireDriver } from '../wire.ts';

/** What only HTTP/1.1 has; `session.test.ts` checks the corresponding things of HTTP/2. */
const HTTP1: readonly Skip[] = [
  {
    reason:
      'HTTP/2 has no Transfer-Encoding, no folded lines and no line ends, so an answer cannot have them wrong',
    tests: [
      'a folded header line is refused in words',
      'two equal lengths is refused in words',
      'a length and chunks is refused in words',
      'the transfer encoding identity is refused in words',
      'line ends without CR is refused in words',
      'a head without end',
    ],
  },
  {
    reason:
      'a stream of HTTP/2 ends without its connection, which other calls use at the same time and after it',
    tests: [
      'connection: close after every answer',
      'a call ends when its answer arrives, although the stream stays open',
      'the connection of a stream that stays open is closed',
      'a stream that breaks after the answer does not fail the call',
    ],
  },
];

describeDriver({
  name: 'wire over HTTP/2, one stream per connection',
  create: (options) => createWireDriver({ ...options, http: '2', streams: 1 }),
  server: rawHttp2Server,
  skip: HTTP1,
});

describeDriver({
  name: 'wire over HTTP/2 and TLS',
  create: (options) => createWireDriver({ ...options, http: '2' }),
  server: rawHttp2Server,
  tls: GOOD,
  skip: [
    ...HTTP1,
    {
      reason: 'one connection has room for all calls of these tests; with one stream per connection they run',
      tests: [
        'the wait for a connection counts',
        'a request that finds every connection busy opens another one, up to the limit',
        'a call that times out while every connection is busy has waited the whole time',
        'a call that waited most of its time for a connection says so when it times out',
      ],
    },
    {
      reason:
        'a thousand streams have a connection each; above they are open at once, and here the two hundred of "many streams beside the pool"',
      tests: ['a thousand streams opened by POST are open at once, and end with the driver'],
    },
    {
      reason: 'here servers speak TLS unless told otherwise, and are not verified; above these tests run',
      tests: ['a certificate of an unknown authority', 'a server that does not speak TLS'],
    },
  ],
});
