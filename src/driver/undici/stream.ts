/** @module An answer that stays open, on an undici client of its own. */
import type { Dispatcher } from 'undici';
import type { Request } from '../../protocol/request.ts';
import type { OpenStream, StreamListener } from '../driver.ts';
import { StreamMessages } from '../stream-messages.ts';
import type { CallOwner } from './call.ts';
import { type ClientConnector, newClient } from './connect.ts';
import { type UndiciStage, undiciFailure } from './failure.ts';
import { UndiciHead } from './head.ts';

/** Opens the stream. `onGone` is called once the stream is closed or has ended. */
export function openUndiciStream(
  owner: Pick<CallOwner, 'endpoint' | 'options'>,
  connector: ClientConnector,
  request: Request,
  listener: StreamListener,
  onGone: () => void,
): OpenStream {
  const { endpoint } = owner;
  const client = newClient(endpoint, connector.fresh);
  let stage: UndiciStage = 'connecting';
  const messages = new StreamMessages();
  let head: UndiciHead | undefined;
  let over = false;
  const tell = (texts: readonly string[]): void => {
    for (const text of texts) if (!over) listener.onMessage?.(text);
  };
  const finish = (): boolean => {
    if (over) return false;
    over = true;
    onGone();
    void client.destroy();
    return true;
  };
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: () => {
      stage = 'connected';
    },
    onResponseStart: (_, status, headers) => {
      if (over || status < 200) return;
      stage = 'answering';
      head = new UndiciHead(status, '', headers);
      listener.onOpen(status, head.instance(owner.options.instanceHeader));
    },
    onResponseData: (_, chunk) => {
      if (head !== undefined) tell(messages.take(head, chunk));
    },
    onResponseEnd: () => {
      if (head !== undefined) tell(messages.end(head));
      if (finish()) listener.onEnd(undefined, messages.position);
    },
    onResponseError: (_, error) => {
      if (finish()) listener.onEnd(undiciFailure(error, stage, endpoint).detail, messages.position);
    },
  };
  const { method, headers } = request.head;
  const body = request.body === '' ? null : request.body;
  // Undici may report an error from within dispatch, when the caller does not hold the stream yet.
  setImmediate(() => {
    if (!over) client.dispatch({ path: endpoint.path, method, headers: headers as string[], body }, handler);
  });
  return { close: () => void finish() };
}
