/** @module The variants by what their calls travelled over: the version of HTTP, TLS, and connections that were opened during the load. */
import type { ConnectionFigures } from '../../result/measure/connection-figures.ts';
import type { EffectiveSettings } from '../../result/settings.ts';
import type { Measured, Model } from '../model.ts';

/** A variant whose connections are known. */
export interface Transported extends Measured {
  readonly connections: ConnectionFigures;
}

/** All variants whose connections are known, if any of them used TLS or HTTP/2, or opened many connections again; otherwise none. */
export function transported({ measured }: Model): readonly Transported[] {
  const all = measured.flatMap((one): readonly Transported[] => {
    const { connections } = one.summary;
    return connections ? [{ ...one, connections }] : [];
  });
  return all.some((one) => isSecure(one) || speaksHttp2(one) || reconnects(one) || loses(one)) ? all : [];
}

/** Whether its connections used TLS. */
export const isSecure = ({ connections }: Transported): boolean => connections.handshake !== null;

export const speaksHttp2 = ({ connections }: Transported): boolean => (connections.http['2'] ?? 0) > 0;

/** Whether its settings replace connections, and some were. */
export const reconnects = ({ variant, connections }: Transported): boolean =>
  variant.settings.effective?.load.perConnection !== undefined && connections.measured > 0;

/** A smaller share of the calls than this found that their connection had ended by itself: servers close idle ones. */
const FEW_LOST = 0.05;

/** Whether many connections had to be opened because earlier ones had ended, which no setting asks for. */
export const loses = (one: Transported): boolean => lostConnections(one) > FEW_LOST * one.summary.calls.sent;

/** How many connections were opened in the measured time in place of others that had ended, without a setting that asks for it; 0 where that is not known. */
export function lostConnections({ variant, connections }: Transported): number {
  if (variant.settings.effective?.load.perConnection !== undefined) return 0;
  const { before, measured } = connections;
  // Older results do not say how many were open at most.
  const most = variant.repetitions.reduce(
    (sum, { generator }) => sum + (generator.connections ?? Number.POSITIVE_INFINITY),
    0,
  );
  return Math.max(0, Math.min(measured, before + measured - most));
}

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
