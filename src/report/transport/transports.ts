/** @module The variants by what their calls travelled over: the version of HTTP, TLS, and connections that were opened during the load. */
import type { ConnectionFigures } from '../../result/measure/connection-figures.ts';
import type { EffectiveSettings } from '../../result/settings.ts';
import type { Measured, Model } from '../model.ts';

/** A variant whose connections are known. */
export interface Transported extends Measured {
  readonly connections: ConnectionFigures;
}

/** All variants whose connections are known, if any of them used TLS or HTTP/2, or opened connections again by its settings; otherwise none. */
export function transported({ measured }: Model): readonly Transported[] {
  const all = measured.flatMap((one): readonly Transported[] => {
    const { connections } = one.summary;
    return connections ? [{ ...one, connections }] : [];
  });
  return all.some((one) => isSecure(one) || speaksHttp2(one) || reconnects(one)) ? all : [];
}

/** Whether its connections used TLS. */
export const isSecure = ({ connections }: Transported): boolean => connections.handshake !== null;

export const speaksHttp2 = ({ connections }: Transported): boolean => (connections.http['2'] ?? 0) > 0;

/** Whether its settings replace connections, and some were. */
export const reconnects = ({ variant, connections }: Transported): boolean =>
  variant.settings.effective?.load.perConnection !== undefined && connections.measured > 0;

/** Whether two variants are the same in everything but what their calls travel over. */
export function differInTransport(a: Transported, b: Transported): boolean {
  const [one, other] = [a, b].map(({ variant }) => withoutTransport(variant.settings.effective));
  return one !== undefined && one === other && a.variant.settings.target === b.variant.settings.target;
}

function withoutTransport(settings: EffectiveSettings | undefined): string | undefined {
  if (settings === undefined) return undefined;
  const { load, balancer, ...rest } = settings;
  const { http: _http, streams: _streams, tls: _tls, connections: _connections, ...kept } = load;
  return JSON.stringify([rest, { ...kept, perConnection: undefined }, { ...balancer, tls: undefined }]);
}
