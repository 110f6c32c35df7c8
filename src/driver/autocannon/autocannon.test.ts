import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../units/clock.ts';
import { UserError } from '../../units/user-error.ts';
import { describeDriver, exchange } from '../driver.case.ts';
import type { Driver, DriverOptions, Reply } from '../driver.ts';
import {
  type Answer,
  answerWell,
  bare,
  call,
  json,
  notification,
  type RawServer,
  rawServer,
  resultFor,
} from '../raw-server.case.ts';
import { createAutocannonDriver } from './autocannon.ts';

describeDriver({
  name: 'autocannon',
  create: createAutocannonDriver,
  skip: [
    {
      reason:
        'autocannon sends the next request as soon as the last answer is handed out and cannot wait for one, so a connection that has no next call is closed (the closed loop below keeps its connections)',
      tests: [
        'an event stream',
        'a stream that ends soon after the answer leaves its connection for other calls',
        'chunks, extensions and trailers, byte by byte',
        '202 and 204 without a body',
        'an HTTP error',
        "another call's id",
        'one call at a time per connection, and all connections in turn',
        'a request that finds a connection free opens no other',
        'two answers to one call',
        'any mixture of faults: each call has one reply, and is executed once at most',
      ],
    },
    {
      reason: 'an autocannon connection begins with a request, so none can be opened ahead of the load',
      tests: ['warm opens the connections, and calls use them', 'closing ends every connection'],
    },
    {
      reason: 'autocannon keeps its connections; a limit of calls per connection is refused',
      tests: ['a connection is replaced after as many calls as it may carry'],
    },
    {
      reason: 'autocannon takes an interim response (1xx) for the answer (http-parser-js, RESPONSE_LINE)',
      tests: ['103 before the answer', '100 before the answer'],
    },
    {
      reason:
        'http-parser-js takes what HTTP/1.1 forbids: folded lines, lines that end in LF, and a length beside another framing',
      tests: [
        'a folded header line is refused in words',
        'two equal lengths is refused in words',
        'a length and chunks is refused in words',
        'the transfer encoding identity is refused in words',
        'line ends without CR is refused in words',
      ],
    },
    {
      reason:
        'autocannon does not look at what its parser says to a head that is too long: such a call times out',
      tests: ['a head without end'],
    },
    {
      reason: 'autocannon makes calls only; streams are refused with a fault that says so',
      tests: [
        'many streams beside the pool',
        'a stream outlives the time-out of calls',
        'the server ends a stream',
        'a stream that the server does not offer',
        'a stream that cannot be opened',
        'closing the driver closes its streams silently',
        'an open stream hands out messages, and says where to continue',
        'the messages of an encoded open stream are read',
        'a stream opened by POST carries its body, and hands out each message as it arrives',
        'the end and the loss of a stream opened by POST are told apart',
        'a refusal hands out its status and its JSON-RPC error',
        'a refusal without a JSON-RPC message has a status only',
        'a thousand streams opened by POST are open at once, and end with the driver',
      ],
    },
    {
      reason:
        'autocannon accepts any certificate, so https is refused with a fault unless --insecure is given',
      tests: [
        'a certificate of an unknown authority',
        'a certificate of the given authority',
        'a certificate for another host',
        'a certificate for another host stays refused when the session could be resumed',
        'connections that are opened again',
        'a server that does not speak TLS',
      ],
    },
  ],
});

const options = (url: string, connections = 1): DriverOptions => ({
  url,
  connections,
  timeoutUs: 10e6,
  checkIds: true,
  clock: systemClock,
  instanceHeader: 'x-served-by',
  tls: { insecure: false },
});

/** Makes `count` calls as a closed loop does: each from within the reply to the one before. */
function loop(driver: Driver, connections: number, count: number): Promise<readonly Reply[]> {
  return new Promise((resolve) => {
    const replies: Reply[] = [];
    let made = 0;
    const turn = (): void => {
      if (made === count) return;
      made += 1;
      driver.send(call(made, 'ü'), (reply) => {
        replies.push(reply);
        turn();
        if (replies.length === count) resolve(replies);
      });
    };
    for (let connection = 0; connection < connections; connection += 1) turn();
  });
}

describe('driver autocannon in a closed loop', () => {
  const servers: RawServer[] = [];
  const drivers: Driver[] = [];
  const setUp = async (answer: Answer, connections = 1): Promise<[RawServer, Driver]> => {
    const server = await rawServer(answer);
    const driver = createAutocannonDriver(options(server.url, connections));
    servers.push(server);
    drivers.push(driver);
    return [server, driver];
  };
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()));
    const faults = servers.flatMap((server) => server.faults);
    await Promise.all(servers.splice(0).map((server) => server.close()));
    expect(faults).toEqual([]);
  });

  it('keeps one connection per call under way', async () => {
    const [server, driver] = await setUp(answerWell, 8);
    const replies = await loop(driver, 3, 60);
    expect(replies.every(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(server.sockets).toHaveLength(3);
    expect(new Set(server.received.map(({ body }) => JSON.parse(body).id)).size).toBe(60);
    for (const { sentUs, firstByteUs, doneUs } of replies) {
      expect(sentUs).toBeLessThanOrEqual(firstByteUs);
      expect(firstByteUs).toBeLessThanOrEqual(doneUs);
    }
  });

  it('has the calls beyond its connections wait', async () => {
    const [server, driver] = await setUp(answerWell, 2);
    const replies = await loop(driver, 5, 40);
    expect(replies.every(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(server.sockets).toHaveLength(2);
  });

  it('keeps the connection whatever an intact answer says', async () => {
    const answers: readonly Answer[] = [
      (_, socket) => void socket.write(json('busy', [], '503 Service Unavailable')),
      (request, socket) => void socket.write(json(resultFor(request, 99))),
      (request, socket) => {
        const body = `data: ${resultFor(request)}\n\n`;
        socket.write(json(body).replace('application/json', 'text/event-stream'));
      },
      answerWell,
    ];
    const [server, driver] = await setUp((request, socket) => answers[request.index]!(request, socket));
    const replies = await loop(driver, 1, 4);
    expect(replies.map(({ outcome }) => outcome)).toEqual(['http-error', 'malformed', 'ok', 'ok']);
    expect(server.sockets).toHaveLength(1);
  });

  it('replaces a connection that the server closes, and goes on', async () => {
    const [server, driver] = await setUp((request, socket) => {
      if (request.index % 5 === 4) socket.destroy();
      else answerWell(request, socket);
    }, 2);
    const replies = await loop(driver, 2, 25);
    expect(replies.filter(({ outcome }) => outcome === 'reset')).toHaveLength(5);
    expect(replies.filter(({ outcome }) => outcome === 'ok')).toHaveLength(20);
    expect(server.received).toHaveLength(25);
  });

  it('sends every method', async () => {
    const [server, driver] = await setUp((_, socket) => {
      socket.write('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n');
    });
    expect(await exchange(driver, notification())).toMatchObject({ outcome: 'ok', status: 202 });
    expect(await exchange(driver, bare('DELETE'))).toMatchObject({ outcome: 'ok', status: 202 });
    expect(server.received.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
  });

  it('refuses what autocannon cannot do', async () => {
    const [, driver] = await setUp(answerWell);
    expect(() => driver.open(bare('GET'), { onOpen: () => {}, onEnd: () => {} })).toThrow(UserError);
    expect(() => createAutocannonDriver(options('https://127.0.0.1:1/mcp'))).toThrow(/any certificate/);
  });
});
