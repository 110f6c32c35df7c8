/** @module A GET stream that stays open, on an undici client of its own. */
import type { Dispatcher } from 'undici';
import type { Request } from '../../protocol/request.ts';
import type { OpenStream, StreamListener } from '../driver.ts';
import type { CallOwner } from './call.ts';
import { type ClientConnector, newClient } from './connect.ts';
import { type UndiciStage, undiciFailure } from './failure.ts';

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
  let over = false;
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
      const servedBy = headers[owner.options.instanceHeader];
      listener.onOpen(status, Array.isArray(servedBy) ? servedBy.join(', ') : servedBy);
    },
    // Messages of the server to the client are of no interest here.
    onResponseData: () => {},
    onResponseEnd: () => {
      if (finish()) listener.onEnd(undefined);
    },
    onResponseError: (_, error) => {
      if (finish()) listener.onEnd(undiciFailure(error, stage, endpoint).detail);
    },
  };
  const { method, headers } = request.head;
  // Undici may report an error from within dispatch, when the caller does not hold the stream yet.
  setImmediate(() => {
    if (!over)
      client.dispatch({ path: endpoint.path, method, headers: headers as string[], body: null }, handler);
  });
  return { close: () => void finish() };
}
