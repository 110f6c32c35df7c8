/** @module Starts the server for the clients: nginx with a fixed answer, or Paceline's null responder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCommand } from '../src/process/command.ts';
import { findProgram } from '../src/process/find-program.ts';
import { onFreePort } from '../src/process/free-port.ts';
import { startNullResponder } from '../src/testbed/fleet/null-responder.ts';
import { CORE, pinned, pinProcess } from './command.ts';
import { STATIC_ANSWER } from './load.ts';

/** A server on its own core. */
export interface Target {
  readonly name: string;
  readonly url: string;
  /** Whether the answer carries the id of the call. */
  readonly echoesIds: boolean;
  stop(): Promise<void>;
}

/** The fastest third-party server available: nginx, otherwise the null responder. */
export async function startTarget(): Promise<Target> {
  const nginx = findProgram('nginx');
  return nginx === undefined ? await startEcho() : await startNginx(nginx);
}

/** The null responder. */
export async function startEcho(): Promise<Target> {
  const { url, pid, stop } = await startNullResponder();
  await pinProcess(CORE.server, pid);
  return { name: 'null responder', url, echoesIds: true, stop };
}

async function startNginx(program: string): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-nginx-'));
  const file = join(folder, 'nginx.conf');
  const started = await onFreePort(async (port) => {
    writeFileSync(file, configuration(folder, port));
    const command = await startCommand({
      name: 'nginx',
      command: pinned(CORE.server, [program, '-e', 'stderr', '-p', folder, '-c', file]),
      answers: () => accepts(port),
      readyWithinUs: 10e6,
    });
    return { command, port };
  });
  return {
    name: 'nginx',
    url: `http://127.0.0.1:${started.port}/mcp`,
    echoesIds: false,
    stop: async () => {
      await started.command.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One worker, no log, keep-alive. All files that it writes are in `folder`, so any user can run it. */
function configuration(folder: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
http {
${temporary.join('\n')}
  access_log off;
  default_type application/json;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  server {
    listen 127.0.0.1:${port};
    location / { return 200 '${STATIC_ANSWER}'; }
  }
}
`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (up: boolean) => (): void => {
      socket.destroy();
      resolve(up);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
}
