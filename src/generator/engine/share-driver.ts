/** @module The driver of one thread's share of a load. */
import type { Driver } from '../../driver/driver.ts';
import { loadDriver } from '../../driver/drivers.ts';
import type { ConnectionTally } from '../../recording/measure/connections.ts';
import type { Clock } from '../../units/clock.ts';
import { shareOf, type WorkerPlan } from './plan.ts';

/** Loads and creates the driver that `plan` names, with this share's part of the connections; `tally` is told of each of them. */
export async function openDriver(
  plan: WorkerPlan,
  clock: Clock,
  tally: ConnectionTally | undefined,
): Promise<Driver> {
  const { load, url, tls, proxy, instanceHeader, auth, worker, workers } = plan;
  const create = await loadDriver(load.driver);
  return create({
    url,
    connections: shareOf(load.connections, worker, workers),
    maxConnections: shareOf(load.maxConnections, worker, workers),
    timeoutUs: load.timeoutUs,
    checkIds: load.checkIds,
    ...(load.perConnection === undefined ? {} : { perConnection: load.perConnection }),
    clock,
    instanceHeader,
    ...(auth === undefined ? {} : { timingHeader: auth.timing.header }),
    tls: { ...tls, ...load.tls },
    ...(load.http === undefined ? {} : { http: load.http }),
    ...(load.streams === undefined ? {} : { streams: load.streams }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(tally && {
      onConnection: (opened) => tally.opened(opened, clock.now()),
      onResent: () => tally.resent(clock.now()),
    }),
  });
}
