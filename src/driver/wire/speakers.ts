/** @module Which version of HTTP a connection speaks (`load.http`). */
import type { HttpVersion } from '../../profile/kinds.ts';
import type { Request } from '../../protocol/request.ts';
import { headOf } from '../../protocol/shared-request.ts';
import type { OpenStream, StreamListener } from '../driver.ts';
import { WireConnection, type WireShared } from './connection.ts';
import { Http2Connection } from './http2/connection.ts';
import { Http2OpenStream } from './http2/open-stream.ts';
import type { Http2Shared } from './http2/session.ts';
import { NegotiatedConnection, NegotiatedStream } from './negotiated.ts';
import type { PoolConnection, PoolEvents } from './pool.ts';
import type { WireSocket } from './socket.ts';
import { WireStream } from './stream.ts';

type Shared = WireShared & Http2Shared;

/** The version that all connections speak; `undefined`: the handshake of each decides. Without TLS nothing is negotiated. */
function fixedVersion({ options, endpoint }: Shared): HttpVersion | undefined {
  const { http = 'auto' } = options;
  if (http !== 'auto') return http;
  return endpoint.secure ? undefined : '1.1';
}

/** How to make a connection of the pool. */
export function connecting(shared: Shared): (events: PoolEvents) => PoolConnection {
  const fixed = fixedVersion(shared);
  const speaking = (http: HttpVersion, events: PoolEvents): WireConnection | Http2Connection =>
    http === '2' ? new Http2Connection(shared, events) : new WireConnection(shared, events);
  if (fixed !== undefined) return (events) => speaking(fixed, events);
  return (events) => new NegotiatedConnection(shared, events, (http) => speaking(http, events));
}

/** Opens a long-lived stream on a connection of its own, which may have carried the refusal of an earlier one. `onGone`: called once it is closed or has ended. */
export function streaming(
  shared: Shared,
  request: Request,
  listener: StreamListener,
  onGone: () => void,
): OpenStream {
  // Only a GET may be sent again, where the connection turns out to have ended.
  const spare = headOf(request).method === 'GET' ? shared.spare.take() : undefined;
  if (spare !== undefined) return new WireStream(shared, request, listener, onGone, spare);
  const speaking = (http: HttpVersion, opened?: WireSocket): OpenStream =>
    http === '2'
      ? new Http2OpenStream(shared, request, listener, onGone, opened)
      : new WireStream(shared, request, listener, onGone, opened);
  const fixed = fixedVersion(shared);
  if (fixed !== undefined) return speaking(fixed);
  return new NegotiatedStream(shared, speaking, (detail) => {
    onGone();
    listener.onEnd(detail);
  });
}
