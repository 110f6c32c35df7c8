/** @module Engine `embedded`: Paceline's own reverse proxy, in its own process. */
import { readCertificates } from '../../process/ca-file.ts';
import { startChild } from '../../process/child.ts';
import { keptFile } from '../../process/kept-file.ts';
import { compiledModule } from '../../units/compiled.ts';
import type { Micros } from '../../units/time.ts';
import type { ProxyInput, ProxyQuestion, ProxyReady } from '../proxy/main.ts';
import type { BalancerStats } from '../stats.ts';
import { INSTANCE_HEADER, locate } from '../topology.ts';
import type { Balancer, BalancerOptions } from './engine.ts';

/**
 * Takes a fraction of a second on a quiet machine. At a load of about ten times the cores, as on a busy CI machine, it has taken more
 * than 10 s, and a run should not fail for that: so as much as instances have, which start the same way. A proxy that exits is told of at once.
 */
const READY_WITHIN: Micros = 30_000_000;

/**
 * What garbage a request leaves is young: with memory for more of it from the start it is collected less often, and the one thread collects
 * it without helpers, which would work on other cores. A balancer is compared by the CPU time of all its threads.
 */
const COLLECTION = ['--min-semi-space-size=16', '--no-parallel-scavenge'];

/** Starts the proxy process. Resolves when it listens. */
export async function startEmbedded(options: BalancerOptions, signal?: AbortSignal): Promise<Balancer> {
  const { settings, seed, keep, guard, cache, tls, upstreamTls = { insecure: false } } = options;
  const { insecure, caFile } = upstreamTls;
  const { upstreams, path } = locate(options.upstreams);
  const { instanceHeader = INSTANCE_HEADER } = options;
  const input: ProxyInput = {
    policy: settings.policy,
    upstreams,
    seed,
    instanceHeader,
    upstreamHttp: settings.http,
    upstreamTls: { insecure, ...(caFile !== undefined && { ca: readCertificates(caFile) }) },
    path,
    guard,
    cache,
    pemFile: tls?.pemFile,
  };
  const module = compiledModule(import.meta.url, '../proxy/main');
  const child = await startChild<ProxyReady>(
    {
      name: 'balancer',
      nodeFlags: COLLECTION,
      module,
      input,
      readyWithinUs: READY_WITHIN,
      outputFile: keptFile(keep, 'balancer.log'),
    },
    signal,
  );
  const ask = async (question: ProxyQuestion): Promise<BalancerStats> =>
    (await child.ask(question)) as BalancerStats;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${child.ready.port}${path}`,
    pid: child.pid,
    exited: child.exited,
    stats: () => ask({ kind: 'stats' }),
    async addUpstream(upstream) {
      const { upstreams: found } = locate([upstream]);
      await ask({ kind: 'add', upstream: found[0]! });
    },
    async drain(id) {
      await ask({ kind: 'drain', id });
    },
    ...(guard && { ask: (question) => child.ask({ kind: 'guard', question } satisfies ProxyQuestion) }),
    stop: () => child.stop(),
  };
}
