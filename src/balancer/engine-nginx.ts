/** @module Engine `nginx`: the installed nginx, one worker, with the configuration that `balancer render nginx` prints. */
import { request } from 'node:http';
import { join } from 'node:path';
import type { Balancer, BalancerOptions } from './engine.ts';
import { type Site, startProgram } from './program.ts';
import { comment, indent } from './render/lines.ts';
import { type NginxFrame, nginxConfig } from './render/nginx.ts';
import { checkSpelling, INSTANCE_HEADER, locate, resolveHosts } from './topology.ts';

/** Starts nginx and resolves when it serves. It keeps no counts per upstream, so `stats` gives undefined. */
export async function startNginx(options: BalancerOptions, signal?: AbortSignal): Promise<Balancer> {
  const { upstreams: named, path } = locate(options.upstreams);
  checkSpelling(named);
  const upstreams = await resolveHosts(named);
  const { instanceHeader = INSTANCE_HEADER } = options;
  const topology = { policy: options.settings.policy, upstreams, instanceHeader };
  return startProgram(
    {
      name: 'nginx',
      configure: (site) => nginxConfig(topology, measured(site)),
      // -e: what it says before it has read the configuration must not go to a file it may not write.
      args: ({ folder }, file) => ['-p', folder, '-e', 'stderr', '-c', file],
      answers: askReady,
      stats: async () => undefined,
    },
    path,
    signal,
  );
}

const readySocket = ({ folder }: Site): string => join(folder, 'ready.sock');

function measured(site: Site): NginxFrame {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return {
    main: [
      ...comment(
        'One process, which serves by itself: its CPU time is that of the balancer. No reload that way, and no change of user.',
      ),
      'daemon off;',
      'master_process off;',
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

function askReady(site: Site, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    request({ socketPath: readySocket(site), path: '/', agent: false, signal })
      .once('response', (response) => {
        response.resume();
        resolve(response.statusCode === 204);
      })
      .once('error', () => resolve(false))
      .end();
  });
}
