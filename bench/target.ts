/** @module Starts the server for the clients: nginx with a fixed answer, or Paceline's null responder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Certificate, makeCertificate } from '../src/balancer/certificate.ts';
import { startCommand } from '../src/process/command.ts';
import { findProgram } from '../src/process/find-program.ts';
import { freePort, onFreePort } from '../src/process/free-port.ts';
import { startNullResponder } from '../src/testbed/fleet/null-responder.ts';
import { CORE, type Core, pinned, pinProcess } from './command.ts';
import { STATIC_ANSWER } from './load.ts';

/** A server on its own core. */
export interface Target {
  readonly name: string;
  readonly url: string;
  /** Whether the answer carries the id of the call. */
  readonly echoesIds: boolean;
  stop(): Promise<void>;
}

/** nginx, which answers over each transport. */
export interface TransportTarget extends Target {
  /** With TLS, for HTTP/1.1 and HTTP/2. */
  readonly tlsUrl: string;
  /** HTTP/2 without TLS. */
  readonly clearHttp2Url: string;
  /** The certificate to trust. */
  readonly caFile: string;
}

/** The fastest third-party server available: nginx, otherwise the null responder. */
export async function startTarget(): Promise<Target> {
  const nginx = findProgram('nginx');
  return nginx === undefined ? await startEcho() : await startNginx(nginx, CORE.server);
}

/** nginx on `core`; `sizes`: bytes of further answers, at `/sized/BYTES.json`. @throws Error when it is not installed. */
export async function startTransports(
  core: Core = CORE.server,
  sizes: readonly number[] = [],
): Promise<TransportTarget> {
  const nginx = findProgram('nginx');
  if (nginx === undefined) throw new Error('nginx is not installed');
  return startNginx(nginx, core, sizes);
}

/** The null responder. */
export async function startEcho(): Promise<Target> {
  const { url, pid, stop } = await startNullResponder();
  await pinProcess(CORE.server, pid);
  return { name: 'null responder', url, echoesIds: true, stop };
}

/** A server of the era of sessions that does as little as possible. */
export async function startSessions(): Promise<Target> {
  const script = fileURLToPath(new URL('./session-responder.js', import.meta.url));
  const [program, ...args] = pinned(CORE.server, [process.execPath, script]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    name: 'session responder',
    url: `http://127.0.0.1:${Number(printed.toString())}/mcp`,
    echoesIds: true,
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function startNginx(
  program: string,
  core: Core,
  sizes: readonly number[] = [],
): Promise<TransportTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-nginx-'));
  const file = join(folder, 'nginx.conf');
  const certificate = await makeCertificate(folder);
  // Workers of nginx may run as another user.
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'sized'));
  for (const bytes of sizes) writeFileSync(join(folder, 'sized', `${bytes}.json`), sizedAnswer(bytes));
  const started = await onFreePort(async (port) => {
    const ports: Ports = { plain: port, tls: await freePort(), clearHttp2: await freePort() };
    writeFileSync(file, configuration(folder, ports, certificate));
    const command = await startCommand({
      name: 'nginx',
      command: pinned(core, [program, '-e', 'stderr', '-p', folder, '-c', file]),
      answers: () => accepts(port),
      readyWithinUs: 10e6,
    });
    return { command, ports };
  });
  const { plain, tls, clearHttp2 } = started.ports;
  return {
    name: 'nginx',
    url: `http://127.0.0.1:${plain}/mcp`,
    tlsUrl: `https://127.0.0.1:${tls}/mcp`,
    clearHttp2Url: `http://127.0.0.1:${clearHttp2}/mcp`,
    caFile: certificate.caFile,
    echoesIds: false,
    stop: async () => {
      await started.command.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Ports {
  readonly plain: number;
  readonly tls: number;
  readonly clearHttp2: number;
}

/** One worker, no log, keep-alive. All files that it writes are in `folder`, so any user can run it. */
function configuration(folder: string, { plain, tls, clearHttp2 }: Ports, { pemFile }: Certificate): string {
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
  ssl_certificate ${pemFile};
  ssl_certificate_key ${pemFile};
  ssl_session_cache shared:tls:1m;
  server {
    listen 127.0.0.1:${plain};
    listen 127.0.0.1:${tls} ssl http2;
    listen 127.0.0.1:${clearHttp2} http2;
    location / { return 200 '${STATIC_ANSWER}'; }
    location /sized/ { root ${folder}; error_page 405 =200 $uri; }
  }
}
`;
}

/** An answer with one text that makes it `bytes` long. */
function sizedAnswer(bytes: number): string {
  const [before, after] = STATIC_ANSWER.split('hello');
  const rest = before!.length + after!.length;
  return before! + 'The quick brown fox. '.repeat(bytes / 20).slice(0, bytes - rest) + after!;
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
