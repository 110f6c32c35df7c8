/** @module What the parts of the conformance suite share: servers and drivers that end with their test. */
import type { TlsOptions } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import type { Request } from '../../protocol/request.ts';
import { type Clock, systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { CreateDriver, Driver, DriverOptions, Reply } from '../driver.ts';
import { type FloodServer, floodServer } from '../flood-server.case.ts';
import {
  type AnswerSocket,
  answerWell,
  call,
  type RawServer,
  type Received,
  rawServer,
} from '../raw-server.case.ts';

/** What a driver cannot do, and why. `tests` are titles of the suite. */
export interface Skip {
  readonly reason: string;
  readonly tests: readonly string[];
}

/** What the parts of the suite are written with. */
export interface Suite {
  /** A test, unless the driver skips it. */
  test(title: string, body: () => Promise<void>): void;
  /** A server that ends with the test; what it finds wrong with requests fails the test. */
  serve(...args: Parameters<typeof rawServer>): Promise<RawServer>;
  /** The URL of a server that answers the first request with `mebibytes`, and others well. It ends with the test. */
  flood(mebibytes: number): Promise<string>;
  /** Leaves `server` out of that judgement, and ends it. */
  forgive(server: RawServer): Promise<void>;
  /** A driver that ends with the test. */
  drive(url: string, options?: Partial<DriverOptions>): Driver;
  /** Answers the first call with `bytes` and the others as it should be; returns the first two replies. */
  first(bytes: (request: Received) => string, then?: (socket: AnswerSocket) => void): Promise<First>;
}

interface First {
  readonly server: RawServer;
  readonly replies: readonly [Reply, Reply];
}

/** What a reply looks like when all is well. */
export const GOOD_REPLY = { outcome: 'ok', detail: undefined, status: 200 };

/** What the suite runs against. */
export interface Against {
  /** Starts servers; absent: those of HTTP/1.1. */
  readonly server?: typeof rawServer;
  /** The certificate of servers for which a test asks for none, and which speak TLS then; it is not verified. */
  readonly tls?: TlsOptions;
}

/** What tests of drivers have in common: one connection, whose certificate is checked, and more time than any of them takes. */
export function driverOptions(url: string): DriverOptions {
  return {
    url,
    connections: 1,
    timeoutUs: 10e6,
    checkIds: true,
    clock: systemClock,
    instanceHeader: 'x-served-by',
    tls: { insecure: false },
  };
}

/** The suite for one driver. Call it within the `describe` of that driver. */
export function suiteFor(
  create: CreateDriver,
  skip: readonly Skip[],
  { server: start = rawServer, tls: certificate }: Against = {},
): Suite & { readonly titles: Set<string> } {
  const skipped = new Set(skip.flatMap((entry) => entry.tests));
  const titles = new Set<string>();
  const servers: RawServer[] = [];
  const floods: FloodServer[] = [];
  const drivers: Driver[] = [];
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()));
    const faults = servers.flatMap((server) => server.faults);
    await Promise.all([...servers.splice(0), ...floods.splice(0)].map((server) => server.close()));
    expect(faults, 'requests on the wire are well formed').toEqual([]);
  });
  const serve: Suite['serve'] = async (answer, options) => {
    const server = await start(answer, { ...(certificate && { tls: certificate }), ...options });
    servers.push(server);
    return server;
  };
  const drive: Suite['drive'] = (url, options = {}) => {
    const tls = { insecure: certificate !== undefined };
    const driver = create({ ...driverOptions(url), tls, ...options });
    drivers.push(driver);
    return driver;
  };
  return {
    titles,
    serve,
    async flood(mebibytes) {
      const server = await floodServer(mebibytes, certificate);
      floods.push(server);
      return server.url;
    },
    drive,
    test(title, body) {
      titles.add(title);
      if (skipped.has(title)) it.skip(title, body);
      else it(title, body);
    },
    async forgive(server) {
      servers.splice(servers.indexOf(server), 1);
      await server.close();
    },
    async first(bytes, then = () => {}) {
      const server = await serve((request, socket) => {
        if (request.index > 0) answerWell(request, socket);
        else socket.write(bytes(request), 'latin1', () => then(socket));
      });
      const driver = drive(server.url);
      return { server, replies: [await exchange(driver, call(1)), await exchange(driver, call(2))] };
    },
  };
}

/** A clock that stands still until `go`: calls that are handed over before it expire at the same moment, so that none leaves its connection to another. */
export function stillClock(): { readonly clock: Clock; go(): void } {
  let stillUs: Micros | undefined = systemClock.now();
  return {
    clock: { ...systemClock, now: () => stillUs ?? systemClock.now() },
    go() {
      stillUs = undefined;
    },
  };
}

/** Sends one request. Fails unless exactly one reply comes, after `send` has returned. */
export function exchange(
  driver: Driver,
  request: Request,
  keepBody?: boolean,
  onMessage?: (text: string) => void,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let sending = true;
    let replies = 0;
    driver.send(
      request,
      (reply) => {
        replies += 1;
        if (sending) reject(new Error('the reply came from within send'));
        else if (replies > 1) throw new Error('a second reply');
        else resolve(copyOf(reply));
      },
      keepBody,
      onMessage,
    );
    sending = false;
  });
}

/** A copy, because a reply is valid only within its callback; of what few replies have, only what this one has. */
function copyOf(reply: Reply): Reply {
  const { setCookies, resume, cause, code, location, ...usual } = reply;
  return {
    ...usual,
    ...(setCookies !== undefined && { setCookies }),
    ...(resume !== undefined && { resume }),
    ...(cause !== undefined && { cause }),
    ...(code !== undefined && { code }),
    ...(location !== undefined && { location }),
  };
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const chunk = (text: string, extension = ''): string =>
  `${Buffer.byteLength(text).toString(16)}${extension}\r\n${text}\r\n`;

export const chunks = (texts: readonly string[], extension = '', trailers = ''): string =>
  `${texts.map((text) => chunk(text, extension)).join('')}0\r\n${trailers}\r\n`;

/** Writes `parts` one after the other, so that they mostly arrive in reads of their own. */
export async function writeInTurn(socket: AnswerSocket, parts: Iterable<string | Buffer>): Promise<void> {
  for (const part of parts) await written(socket, part);
}

const written = (socket: AnswerSocket, bytes: string | Buffer): Promise<void> =>
  new Promise((resolve) => {
    socket.write(bytes, () => resolve());
  });
