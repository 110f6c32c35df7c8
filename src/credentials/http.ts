/** @module Small exchanges with authorization servers, and with the servers that name them. */
import type { SecureContext } from 'node:tls';
import { Agent, request } from 'undici';
import { type Problem, UserError } from '../units/user-error.ts';

/** How the certificates of servers are verified. */
export interface Trust {
  readonly insecure: boolean;
  /** The authorities that are trusted; absent: those that Node trusts. */
  readonly secureContext?: SecureContext;
}

interface HttpRequest {
  /** Who is asked, in messages. */
  readonly of: 'the server' | 'the authorization server';
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** By name, in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Connections to authorization servers. */
export interface Http {
  /** Rejects with a `UserError` when nothing answers, and with the signal's reason when aborted. Redirects are not followed. */
  exchange(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** From the request to the last byte of the answer. */
const ANSWER_WITHIN_MS = 15_000;

/** Opens up to `connections` connections per server, when they are needed. */
export function openHttp(connections: number, trust: Trust = { insecure: false }): Http {
  const dispatcher = new Agent({
    connections,
    connect: {
      rejectUnauthorized: !trust.insecure,
      ...(trust.secureContext !== undefined && { secureContext: trust.secureContext }),
    },
  });
  return {
    async exchange({ of, method, url, headers = {}, body = null }, signal) {
      const late = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const either = signal === undefined ? late : AbortSignal.any([signal, late]);
      try {
        const answer = await request(url, { dispatcher, method, headers, body, signal: either });
        return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
      } catch (error) {
        signal?.throwIfAborted();
        throw new UserError(noAnswer(of, url, error, late.aborted), { cause: error });
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function noAnswer(of: HttpRequest['of'], url: string, error: unknown, late: boolean): Problem {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = late ? `no answer within ${ANSWER_WITHIN_MS / 1000} s` : code || message;
  return {
    where: url,
    what: `${of} does not answer (${why})`,
    todo: 'check that it is running at this address',
  };
}
