/** @module Recognises the answers by which servers report that a session does not exist (any more). docs/decisions/0007-lost-session-400.md lists them. */
import type { Answer, Message } from './answer.ts';
import { METHOD_NOT_FOUND } from './error-codes.ts';

/** Error codes of the official SDKs of the sessions era: a general session error, and an unknown session. */
const SERVER_ERROR = -32000;
const SESSION_NOT_FOUND = -32001;
const INVALID_REQUEST = -32600;

const ERROR_CODES: ReadonlySet<unknown> = new Set([SERVER_ERROR, SESSION_NOT_FOUND, INVALID_REQUEST]);

/** `Session not found`, `No active session`, `Invalid session ID`, and what the official SDK says of a transport that saw no `initialize`. */
const UNKNOWN_SESSION = [
  /\bsession(?: ?id)?\b[^.;]{0,60}\b(?:not found|unknown|invalid|not valid|does(?: not|n't) exist|terminated|closed|expired)\b/i,
  /\b(?:no|unknown|invalid|expired|no such)\b[^.;]{0,20}\bsession\b/i,
  /\bserver not initialized\b/i,
];

const saysUnknownSession = (text: string): boolean => UNKNOWN_SESSION.some((form) => form.test(text));

/** The text of an error: that of a JSON-RPC error, or of a member `error` that is text. */
interface ErrorText {
  readonly code: unknown;
  readonly text: string;
}

/**
 * Whether the answer to a request with a session id reports that the session does not exist: 404, as in the specification, or
 * another status with a text that says so. `message` is the JSON object in the body, JSON-RPC or not; `body` is its text.
 */
export function reportsLostSession(
  { status }: Pick<Answer, 'status'>,
  message: Message | undefined,
  body: string,
): boolean {
  const error = errorOf(message);
  switch (status) {
    case 404:
      return error?.code !== METHOD_NOT_FOUND;
    case 400:
      if (error === undefined) return saysUnknownSession(body);
      return (
        (isSdkError(error) && /session/i.test(error.text)) ||
        (mayMean(error) && saysUnknownSession(error.text))
      );
    case 401:
      // That a login has expired is said in the same words, so these do not count here.
      return !/expired/i.test(body) && saysUnknownSession(error?.text ?? body);
    case 200:
      // Tools may have sessions of their own, so that only an error of the transport counts.
      return error !== undefined && mayMean(error) && saysUnknownSession(error.text);
    default:
      return false;
  }
}

const isSdkError = ({ code }: ErrorText): boolean => code === SERVER_ERROR || code === SESSION_NOT_FOUND;

/** Whether an error of this code, or without one, may be about the session. */
const mayMean = ({ code }: ErrorText): boolean => code === undefined || ERROR_CODES.has(code);

function errorOf(message: Message | undefined): ErrorText | undefined {
  const error = message?.['error'];
  if (typeof error === 'string') return { code: undefined, text: error };
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, message: text } = error as Message;
  return { code, text: typeof text === 'string' ? text : '' };
}
