/** @module `node bench/servers/run.mjs [NAME ...]`: measures each server as a target and as a fleet of three, and compares the counts. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CASES } from './cases.mjs';

const FOLDER = import.meta.dirname;
const PACELINE = resolve(FOLDER, '../../bin/paceline.js');
const LOAD = { rate: '20/s', warmup: '0s', duration: '3s', agents: 6, connections: 8 };
const START_MS = 15_000;

const wanted = process.argv.slice(2);
console.log('| server | version | as | era | calls due / ok | counted by the server | lists due | counted |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const one of CASES) {
  if (wanted.length > 0 && !wanted.includes(one.name)) continue;
  await measure(one, 'target');
  await measure(one, 'fleet of 3');
}

async function measure(one, as) {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-servers-'));
  const countFile = join(folder, 'requests');
  writeFileSync(countFile, '');
  const env = { ...process.env, COUNT_FILE: countFile };
  const port = await freePort();
  const server = as === 'target' ? await startServer(one, port, env) : undefined;
  try {
    const profile = join(folder, 'profile.json');
    writeFileSync(profile, JSON.stringify(profileOf(one, as, port)));
    const args = [PACELINE, 'run', profile, '--out', join(folder, 'out'), '--quiet'];
    const run = spawnSync(process.execPath, args, { cwd: FOLDER, env, encoding: 'utf8' });
    console.log(rowOf(one, as, folder, countFile) ?? `${one.name}, ${as}: ${run.stderr}`);
  } finally {
    server?.kill();
    rmSync(folder, { recursive: true });
  }
}

function profileOf({ command, call, load }, as, port) {
  const calls = [{ ...call, weight: 4 }, { list: 'tools' }];
  const under =
    as === 'target'
      ? { target: { url: `http://127.0.0.1:${port}/mcp` } }
      : {
          fleet: { server: { command, cwd: FOLDER }, instances: 3, era: 'auto' },
          balancer: { policy: 'sticky' },
        };
  return { version: 1, load: { ...LOAD, ...load }, calls, ...under };
}

/** The row of a run; undefined when it left no result. */
function rowOf({ name, package: from }, as, folder, countFile) {
  const result = resultIn(folder);
  if (result === undefined) return undefined;
  const [{ settings, summary }] = result.variants;
  const { version } = JSON.parse(readFileSync(join(FOLDER, 'node_modules', from, 'package.json'), 'utf8'));
  const counted = readFileSync(countFile, 'utf8').split('\n');
  const times = (method) => counted.filter((line) => line === method).length;
  const of = (method) => Object.entries(summary.byCall).find(([call]) => call.startsWith(method))?.[1];
  const [calls, lists] = [of('tools/call'), of('tools/list')];
  const cells = [
    name,
    version,
    as,
    settings.era,
    `${calls.calls} / ${calls.ok}`,
    times('tools/call'),
    lists.calls,
    times('tools/list'),
  ];
  return `| ${cells.join(' | ')} |`;
}

function resultIn(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'out', 'result.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

async function startServer({ command }, port, env) {
  const line = `exec ${command.replaceAll('{{port}}', port)}`;
  const child = spawn('sh', ['-c', line], {
    cwd: FOLDER,
    env: { ...env, PORT: String(port) },
    stdio: 'ignore',
  });
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && !(await answers(port))) await sleep(100);
  return child;
}

/** Whether anything answers HTTP on `port`. The GET for a path without MCP counts as no call. */
async function answers(port) {
  try {
    await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
