/** @module The streams `subscriptions/listen` of a lean instance. Source: MCP 2026-07-28, Subscriptions. */

import { isObject, type JsonObject } from '../../protocol/json-object.ts';
import { SERVER_INFO_KEY, SUBSCRIPTION_ID_KEY } from '../../protocol/meta-keys.ts';
import { TASKS_NOTIFICATION } from '../../protocol/tasks.ts';
import { type After, after, type Cancel } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { CatalogueChange } from '../catalogue-change.ts';
import { SERVER_INFO } from '../instance.ts';
import { asciiJson, STREAM_END, streamChunk } from './answers.ts';
import type { EventStream, StreamWriter } from './connection.ts';

/** As often as the official SDK. */
const KEEP_ALIVE: Micros = 15e6;

/** What the clients of a stream are told of; `undefined`: of nothing of that kind. */
interface Filter {
  readonly toolsListChanged?: true;
  readonly promptsListChanged?: true;
  readonly resourcesListChanged?: true;
  readonly resourceSubscriptions?: readonly string[];
  readonly taskIds?: readonly string[];
}

/** The tasks that a stream tells of. */
export interface WatchedTasks {
  readonly ids: readonly string[];
  /** Calls `tell` with what is said of a task whenever that has changed. Returns what ends that. */
  begin(tell: (params: JsonObject) => void): () => void;
}

const LISTS = ['toolsListChanged', 'promptsListChanged', 'resourcesListChanged'] as const;

interface Subscription {
  /** The id of the request, as JSON text. */
  readonly id: string;
  readonly filter: Filter;
  readonly writer: StreamWriter;
  /** Ends the watching of its tasks. */
  leave: () => void;
}

/** Thousands of streams, with one timer for all of them. */
export class Subscriptions {
  readonly #open = new Set<Subscription>();
  readonly #after: After;
  #cancel: Cancel | undefined;

  /** Streams that are kept alive by timers of `wait`. */
  constructor(wait: After = after) {
    this.#after = wait;
  }

  /** The stream that `params` ask for in the request `id`, which begins with `opening`; it tells of `tasks` as well; `undefined` when they are not valid. */
  stream(
    id: string | number,
    params: JsonObject,
    opening: string,
    tasks?: WatchedTasks,
  ): EventStream | undefined {
    const asked = readFilter(params['notifications']);
    if (asked === undefined) return undefined;
    const filter: Filter =
      tasks === undefined || tasks.ids.length === 0 ? asked : { ...asked, taskIds: tasks.ids };
    const idText = asciiJson(id);
    const acknowledged = event(notification('subscriptions/acknowledged', { notifications: filter }, idText));
    return {
      opening: `${opening}${acknowledged}`,
      begin: (writer) => {
        const subscription: Subscription = { id: idText, filter, writer, leave: () => undefined };
        // There is nothing to tell of, as in the official SDK.
        if (Object.keys(filter).length === 0) void end(subscription);
        else {
          this.#add(subscription);
          if (tasks !== undefined) {
            subscription.leave = tasks.begin((told) =>
              writer.write(event(notification(TASKS_NOTIFICATION, told, idText))),
            );
          }
        }
        return () => {
          subscription.leave();
          this.#open.delete(subscription);
        };
      },
    };
  }

  /** Tells those who asked for it of a change. `uri`: of the resource. */
  tell(what: CatalogueChange['what'], uri = ''): void {
    const method = what === 'resource' ? 'resources/updated' : `${what}/list_changed`;
    for (const { id, filter, writer } of this.#open) {
      const wanted =
        what === 'resource' ? filter.resourceSubscriptions?.includes(uri) : filter[`${what}ListChanged`];
      if (wanted) writer.write(event(notification(method, what === 'resource' ? { uri } : {}, id)));
    }
  }

  /** Ends every stream with its result; resolves when these are on their way. */
  async end(): Promise<void> {
    this.#cancel?.();
    const all = [...this.#open];
    this.#open.clear();
    await Promise.all(all.map(end));
  }

  #add(subscription: Subscription): void {
    this.#open.add(subscription);
    this.#cancel ??= this.#after(KEEP_ALIVE, () => this.#keepAlive());
  }

  #keepAlive(): void {
    this.#cancel = undefined;
    for (const { writer } of this.#open) writer.write(COMMENT);
    if (this.#open.size > 0) this.#cancel = this.#after(KEEP_ALIVE, () => this.#keepAlive());
  }
}

const COMMENT = streamChunk(': keepalive\n\n');

const event = (json: string): string => streamChunk(`event: message\ndata: ${json}\n\n`);

/** A notification for the stream of the request `id`, as JSON text. */
function notification(method: string, params: object, id: string): string {
  const members = asciiJson(params).slice(0, -1);
  const comma = members === '{' ? '' : ',';
  return `{"jsonrpc":"2.0","method":"notifications/${method}","params":${members}${comma}"_meta":{"${SUBSCRIPTION_ID_KEY}":${id}}}}`;
}

function end({ id, writer, leave }: Subscription): Promise<void> {
  leave();
  const info = `"${SERVER_INFO_KEY}":${asciiJson(SERVER_INFO)}`;
  const result = `{"resultType":"complete","_meta":{"${SUBSCRIPTION_ID_KEY}":${id},${info}}}`;
  return writer.end(`${event(`{"jsonrpc":"2.0","id":${id},"result":${result}}`)}${STREAM_END}`);
}

/** What was asked for, without what is false or not known; `undefined` when it is not valid. */
function readFilter(asked: unknown): Filter | undefined {
  if (!isObject(asked)) return undefined;
  const { resourceSubscriptions: uris = [] } = asked;
  if (!Array.isArray(uris) || uris.some((uri) => typeof uri !== 'string')) return undefined;
  if (LISTS.some((key) => !['undefined', 'boolean'].includes(typeof asked[key]))) return undefined;
  const lists = LISTS.filter((key) => asked[key] === true).map((key) => [key, true] as const);
  return { ...Object.fromEntries(lists), ...(uris.length > 0 && { resourceSubscriptions: uris }) };
}
