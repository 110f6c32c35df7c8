/** @module Engine `nginx`: the installed nginx, one worker, with the configuration that `balancer render nginx` prints. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { after } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { comment, indent } from '../config/render/lines.ts';
import { type NginxFrame, nginxConfig } from '../config/render/nginx.ts';
import { INSTANCE_HEADER, locateForProgram, type Topology } from '../topology.ts';
import type { Balancer, BalancerOptions } from './engine.ts';
import { type Changes, type Site, startProgram } from './program.ts';

/** Starts nginx and resolves when it serves. It keeps no counts per upstream, so `stats` gives undefined. */
export async function startNginx(options: BalancerOptions, signal?: AbortSignal): Promise<Balancer> {
  const { upstreams, path } = await locateForProgram(options.upstreams);
  const { instanceHeader = INSTANCE_HEADER } = options;
  const topology = { policy: options.settings.policy, upstreams, instanceHeader };
  return startProgram(
    {
      name: 'nginx',
      configure: (site) => nginxConfig(topology, measured(site)),
      // -e: what it says before it has read the configuration must not go to a file it may not write.
      args: ({ folder, file }) => ['-p', folder, '-e', 'stderr', '-c', file],
      answers: (site, over) =>
        askReady(site, over).then(
          ({ statusCode }) => statusCode === 204,
          () => false,
        ),
      stats: async () => undefined,
      changes: (site, pid) => changes(site, pid, topology),
    },
    path,
    signal,
  );
}

/** By a new configuration, one at a time. */
function changes(site: Site, pid: number, begin: Topology): Changes {
  let topology = begin;
  let turn: Promise<unknown> = Promise.resolve();
  const change = (alter: (upstreams: Topology['upstreams']) => Topology['upstreams']): Promise<void> => {
    const done = turn.then(async () => {
      const next = { ...topology, upstreams: alter(topology.upstreams) };
      await writeFile(site.file, nginxConfig(next, measured(site)));
      await reload(site, pid);
      topology = next;
    });
    turn = done.catch(() => undefined);
    return done;
  };
  return {
    async addUpstream(given) {
      const { upstreams: joining } = await locateForProgram([given]);
      await change((upstreams) => [...upstreams, ...joining]);
    },
    drain: (id) =>
      change((upstreams) => {
        if (!upstreams.some((each) => each.id === id)) throw new Error(`there is no upstream ${id}`);
        return upstreams.map((each) => (each.id === id ? { ...each, drained: true } : each));
      }),
  };
}

/** How long a reload may take until the worker before it serves no more. */
const RELOAD_WITHIN: Micros = 5_000_000;

/**
 * SIGHUP: a new worker serves with the new configuration, and the old one finishes what it has begun. In one go that one stops to accept
 * and closes its idle connections, so the end of one that is held tells when nothing new goes by the old configuration.
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
    throw new Error('nginx did not take its new configuration within 5 s', { cause: error });
  } finally {
    cancel();
    agent.destroy();
  }
}

const readySocket = ({ folder }: Site): string => join(folder, 'ready.sock');

function measured(site: Site): NginxFrame {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return {
    main: [
      ...comment(
        'One worker, which does all the work: its CPU time is that of a balancer on one core. The process above it only starts another at a reload.',
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
    listen: [`listen 127.0.0.1:${site.port} backlog=4096;`],
    servers: [
      ...comment('Answers in this folder, so that it is this nginx which is heard.'),
      'server {',
      ...indent(4, [`listen unix:${readySocket(site)};`, 'location / { return 204; }']),
      '}',
    ],
  };
}

/** Started by root, nginx gives its worker to a user who may not enter the folder. */
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
