/** @module Engine `nginx`: the installed nginx, one worker, with the configuration that `balancer render nginx` prints. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { CACHEABLE_METHODS } from '../../protocol/caching/methods.ts';
import { after } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { Certificate } from '../certificate.ts';
import { comment, indent } from '../config/render/lines.ts';
import { type NginxFrame, nginxConfig } from '../config/render/nginx.ts';
import type { NginxCache } from '../config/render/nginx-cache.ts';
import { INSTANCE_HEADER, locateForProgram, type Topology } from '../topology.ts';
import type { Balancer, BalancerOptions } from './engine.ts';
import { type Changes, type Site, startProgram, writeConfiguration } from './program.ts';

/** Starts nginx. Resolves when it accepts requests. nginx has no counts per upstream, so `stats` resolves to undefined. */
export async function startNginx(options: BalancerOptions, signal?: AbortSignal): Promise<Balancer> {
  const { upstreams, path } = await locateForProgram('nginx', options.upstreams);
  const { instanceHeader = INSTANCE_HEADER } = options;
  const topology = { policy: options.settings.policy, upstreams, instanceHeader };
  const kept = options.cache && { seconds: keptSeconds(options.hints), idText: `paceline-${randomUUID()}` };
  const fixed = { kept, tls: options.tls };
  return startProgram(
    {
      name: 'nginx',
      configure: (site) => nginxConfig(topology, measured(site, fixed)),
      // -e: before it has read the configuration, nginx would log to a file that it may not be allowed to write.
      args: ({ folder, file }) => ['-p', folder, '-e', 'stderr', '-c', file],
      answers: (site, over) =>
        askReady(site, over).then(
          ({ statusCode }) => statusCode === 204,
          () => false,
        ),
      stats: async () => undefined,
      changes: (site, pid) => changes(site, pid, topology, fixed),
    },
    { path, isSecure: options.tls !== undefined, keep: options.keep },
    signal,
  );
}

/** What stays as it is when instances change. */
interface Fixed {
  readonly kept: Kept | undefined;
  readonly tls: Certificate | undefined;
}

/** Changes by a new configuration and a reload, one at a time. */
function changes(site: Site, pid: number, begin: Topology, fixed: Fixed): Changes {
  let topology = begin;
  let turn: Promise<unknown> = Promise.resolve();
  const change = (alter: (upstreams: Topology['upstreams']) => Topology['upstreams']): Promise<void> => {
    const done = turn.then(async () => {
      const next = { ...topology, upstreams: alter(topology.upstreams) };
      await writeConfiguration(site, nginxConfig(next, measured(site, fixed)));
      await reload(site, pid);
      topology = next;
    });
    turn = done.catch(() => undefined);
    return done;
  };
  return {
    async addUpstream(given) {
      const { upstreams: joining } = await locateForProgram('nginx', [given]);
      await change((upstreams) => [...upstreams, ...joining]);
    },
    drain: (id) =>
      change((upstreams) => {
        if (!upstreams.some((each) => each.id === id)) throw new Error(`there is no upstream ${id}`);
        return upstreams.map((each) => (each.id === id ? { ...each, drained: true } : each));
      }),
  };
}

/** How long a reload may take until the old worker gets no new work. */
const RELOAD_WITHIN: Micros = 5_000_000;

/**
 * Reloads with SIGHUP: a new worker starts with the new configuration, and the old one finishes its requests. The old worker stops
 * accepting and closes its idle connections in one step. So when an idle connection to it closes, the new configuration is in effect.
 * Source: ngx_worker_process_cycle in src/os/unix/ngx_process_cycle.c.
 */
async function reload(site: Site, pid: number): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const late = new AbortController();
  const cancel = after(RELOAD_WITHIN, () => late.abort());
  try {
    const { socket } = await askReady(site, late.signal, agent);
    const closed = once(socket, 'close', { signal: late.signal });
    process.kill(pid, 'SIGHUP');
    await closed;
  } catch (error) {
    if (!late.signal.aborted) throw error;
    throw new Error('nginx did not apply its new configuration within 5 s', { cause: error });
  } finally {
    cancel();
    agent.destroy();
  }
}

const readySocket = ({ folder }: Site): string => join(folder, 'ready.sock');

/** What it keeps, without the folder. */
type Kept = Omit<NginxCache, 'folder'>;

/**
 * The lifetimes of what nginx can keep: `public` results for a whole number of seconds, without parameters. A second less than `ttlMs`, so that
 * nothing is given after its end: nginx compares whole seconds.
 */
function keptSeconds(hints: BalancerOptions['hints']): Kept['seconds'] {
  if (hints === undefined) throw new Error('nginx cannot read ttlMs: it has to be told');
  const entries = CACHEABLE_METHODS.filter(
    (method) => method !== 'resources/read' && hints[method].cacheScope === 'public',
  ).map((method) => [method, Math.floor(hints[method].ttlMs / 1000) - 1] as const);
  return Object.fromEntries(entries.filter(([, seconds]) => seconds > 0));
}

function measured(site: Site, { kept, tls }: Fixed): NginxFrame {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return {
    main: [
      ...comment(
        'One worker does all the work, so that its CPU time is that of a balancer on one core. The master process only starts another worker at a reload.',
      ),
      'daemon off;',
      'worker_processes 1;',
      ...asOurselves(),
      `pid ${join(site.folder, 'nginx.pid')};`,
      'error_log stderr error;',
    ],
    http: [
      'access_log off;',
      ...temporary.map((name) => `${name}_temp_path ${join(site.folder, name)};`),
      '',
    ],
    listen: tls === undefined ? [`listen 127.0.0.1:${site.port} backlog=4096;`] : secured(site, tls),
    servers: [
      ...comment('Readiness check over a socket in this folder, so that no other process can answer it.'),
      'server {',
      ...indent(4, [`listen unix:${readySocket(site)};`, 'location / { return 204; }']),
      '}',
    ],
    cache: kept && { ...kept, folder: join(site.folder, 'results') },
  };
}

/** Before 1.23.4 TLS 1.3 has to be named, and the cache is for clients of TLS 1.2 without tickets. */
const secured = ({ port }: Site, { pemFile }: Certificate): readonly string[] => [
  `listen 127.0.0.1:${port} ssl http2 backlog=4096;`,
  `ssl_certificate ${pemFile};`,
  `ssl_certificate_key ${pemFile};`,
  'ssl_protocols TLSv1.2 TLSv1.3;',
  'ssl_session_cache shared:clients:10m;',
];

/** If root starts nginx, its worker runs as a user without access to the folder, unless the file names another user. */
function asOurselves(): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  return [`user root ${process.platform === 'linux' ? 'root' : 'wheel'};`];
}

async function askReady(
  site: Site,
  signal: AbortSignal,
  agent: Agent | false = false,
): Promise<IncomingMessage> {
  const asked = request({ socketPath: readySocket(site), path: '/', agent, signal }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer;
}
