/** @module Subscriptions of MCP 2026-07-28: the request that opens a stream of notifications, and what comes over the stream. Source: MCP 2026-07-28, Subscriptions. */
import { type Message, readMessage } from '../answer.ts';
import { type HeaderFields, NO_FIELDS } from '../header-fields.ts';
import { SUBSCRIPTION_ID_KEY } from '../meta-keys.ts';
import type { Request } from '../request.ts';
import { statelessEncoder } from '../stateless.ts';

/** The method that opens the stream. */
export const LISTEN = 'subscriptions/listen';

/** The notifications that a client asks for, or that a server honours. A member that is absent is not asked for. */
export interface SubscriptionFilter {
  readonly toolsListChanged?: true;
  readonly promptsListChanged?: true;
  readonly resourcesListChanged?: true;
  /** URIs of the resources whose changes are told. */
  readonly resourceSubscriptions?: readonly string[];
}

const FLAGS = ['toolsListChanged', 'promptsListChanged', 'resourcesListChanged'] as const;

/** Makes the request that opens a stream; `id` is the id of the subscription as well. */
export type ListenEncoder = (id: number, fields?: HeaderFields) => Request;

/** An encoder for streams with `filter`. `headers` are the user's. Throws a `UserError` for an invalid header. */
export function listenEncoder(
  filter: SubscriptionFilter,
  headers: Readonly<Record<string, string>>,
): ListenEncoder {
  const encode = statelessEncoder({ method: LISTEN, params: { notifications: filter } }, headers);
  return (id, fields = NO_FIELDS) => encode(id, fields);
}

/** Whether `filter` asks for nothing, or nothing of it is honoured: the server has nothing to tell, and ends the stream. */
export function isNothing({ resourceSubscriptions = [], ...flags }: SubscriptionFilter): boolean {
  return resourceSubscriptions.length === 0 && Object.keys(flags).length === 0;
}

/** Whether `honoured` lacks something of what was `asked` for. */
export function isReduced(asked: SubscriptionFilter, honoured: SubscriptionFilter): boolean {
  const uris = new Set(honoured.resourceSubscriptions);
  return (
    FLAGS.some((flag) => asked[flag] === true && honoured[flag] !== true) ||
    (asked.resourceSubscriptions ?? []).some((uri) => !uris.has(uri))
  );
}

/** What a message on the stream is to its subscription. */
export type SubscriptionMessage =
  | { readonly kind: 'acknowledged'; readonly honoured: SubscriptionFilter }
  /** `uri`: of a notification that a resource was updated. */
  | { readonly kind: 'notification'; readonly method: string; readonly uri: string | undefined }
  /** The server ends the subscription in order. */
  | { readonly kind: 'completed' }
  /** The answer to the request is an error: there is no subscription. */
  | { readonly kind: 'error'; readonly code: number | undefined; readonly message: string }
  /** It names another subscription, or none. */
  | { readonly kind: 'misaddressed' };

const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';
/** Sent in place of the result by servers that follow the chapter on cancellation. */
const CANCELLED = 'notifications/cancelled';

/** Reads `text`, a JSON-RPC message on the stream of subscription `id`. */
export function readSubscriptionMessage(text: string, id: number): SubscriptionMessage {
  const message = readMessage(text);
  if (typeof message === 'string') return MISADDRESSED;
  const { method, error } = message;
  if (typeof method === 'string') return readNotification(method, objectIn(message, 'params'), id);
  if (error !== undefined) return readError(objectIn(message, 'error'));
  return message['id'] === id ? { kind: 'completed' } : MISADDRESSED;
}

const MISADDRESSED: SubscriptionMessage = { kind: 'misaddressed' };

function readNotification(method: string, params: Message, id: number): SubscriptionMessage {
  if (method === CANCELLED) return params['requestId'] === id ? { kind: 'completed' } : MISADDRESSED;
  // The id keeps its JSON type.
  if (objectIn(params, '_meta')[SUBSCRIPTION_ID_KEY] !== id) return MISADDRESSED;
  if (method === ACKNOWLEDGED)
    return { kind: 'acknowledged', honoured: readFilter(objectIn(params, 'notifications')) };
  const { uri } = params;
  return { kind: 'notification', method, uri: typeof uri === 'string' ? uri : undefined };
}

function readError({ code, message }: Message): SubscriptionMessage {
  return {
    kind: 'error',
    code: typeof code === 'number' ? code : undefined,
    message: typeof message === 'string' ? message : '',
  };
}

function readFilter(given: Message): SubscriptionFilter {
  const uris = given['resourceSubscriptions'];
  return {
    ...Object.fromEntries(FLAGS.flatMap((flag) => (given[flag] === true ? [[flag, true]] : []))),
    ...(Array.isArray(uris) && {
      resourceSubscriptions: (uris as readonly unknown[]).filter((uri) => typeof uri === 'string'),
    }),
  };
}

/** The object in `key` of `message`; an empty one when there is none. */
function objectIn(message: Message, key: string): Message {
  const value = message[key];
  return typeof value === 'object' && value !== null ? (value as Message) : {};
}
