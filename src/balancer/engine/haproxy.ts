/** @module Engine `haproxy`: the installed HAProxy, one thread, with the configuration that `balancer render haproxy` prints. */
import { join } from 'node:path';
import type { Certificate } from '../certificate.ts';
import { type HaproxyFrame, haproxyConfig, haproxyDrain, haproxyJoin } from '../config/render/haproxy.ts';
import { comment } from '../config/render/lines.ts';
import { INSTANCE_HEADER, locateForProgram, type Topology } from '../topology.ts';
import type { Balancer, BalancerOptions } from './engine.ts';
import { askSocket } from './haproxy-socket.ts';
import { readHaproxyStats } from './haproxy-stats.ts';
import { type Changes, type Site, startProgram } from './program.ts';

/** Starts HAProxy. Resolves when it accepts requests. */
export async function startHaproxy(options: BalancerOptions, signal?: AbortSignal): Promise<Balancer> {
  const { upstreams, path } = await locateForProgram('haproxy', options.upstreams);
  const { instanceHeader = INSTANCE_HEADER } = options;
  const { policy, http = '1.1' } = options.settings;
  const topology = { policy, upstreams, instanceHeader, http };
  const ids = upstreams.map(({ id }) => id);
  return startProgram(
    {
      name: 'haproxy',
      configure: (site) => haproxyConfig(topology, measured(site, options.tls)),
      args: ({ file }) => ['-db', '-f', file],
      answers: (site, over) =>
        ask(site, 'show info', over).then(
          (answer) => answer.includes('Uptime_sec'),
          () => false,
        ),
      stats: async (site) => readHaproxyStats(await ask(site, 'show stat'), ids),
      changes: (site) => changes(site, topology, ids),
    },
    { path, isSecure: options.tls !== undefined, keep: options.keep },
    signal,
  );
}

/** Changes over the runtime API. `ids` are the current instances; added ones are appended. */
function changes(site: Site, topology: Topology, ids: string[]): Changes {
  return {
    async addUpstream(given) {
      const [upstream] = (await locateForProgram('haproxy', [given])).upstreams;
      await command(site, haproxyJoin(topology, upstream!));
      ids.push(given.id);
    },
    async drain(id) {
      if (!ids.includes(id)) throw new Error(`there is no upstream ${id}`);
      await command(site, haproxyDrain(topology, id));
    },
  };
}

/** Sends the commands one after the other. Throws with HAProxy's answer when it rejects one. */
async function command(site: Site, commands: readonly string[]): Promise<void> {
  for (const each of commands) {
    const answer = (await ask(site, each)).trim();
    if (answer !== '' && answer !== 'New server registered.')
      throw new Error(`haproxy rejected "${each}": ${answer}`);
  }
}

const socketOf = ({ folder }: Site): string => join(folder, 'stats.sock');

const ask = (site: Site, question: string, signal?: AbortSignal): Promise<string> =>
  askSocket(socketOf(site), question, signal);

function measured(site: Site, tls: Certificate | undefined): HaproxyFrame {
  const secured = tls === undefined ? '' : ` ssl crt ${tls.pemFile} alpn h2,http/1.1`;
  return {
    top: [],
    global: [
      ...comment('One thread, so that its CPU time is that of a balancer on one core.'),
      'nbthread 1',
      `stats socket ${socketOf(site)} mode 600 level admin`,
    ],
    logging: [],
    bind: [`bind 127.0.0.1:${site.port} backlog 4096${secured}`],
  };
}
