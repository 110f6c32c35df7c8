/** @module A server that answers soon: as a program, for commands and revisions, and running already, as a target. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';

/** A server of the stateless era, which prints its port. It answers calls after `argv[2]` milliseconds, and fails every `argv[3]`th, none for 0. */
export const SERVER = `
import { createServer } from 'node:http';
const [afterMs, failing] = process.argv.slice(2).map(Number);
let calls = 0;
createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { id, method } = JSON.parse(body);
  const isCall = method === 'tools/call';
  calls += isCall ? 1 : 0;
  const result = isCall
    ? { content: [{ type: 'text', text: 'hi' }], isError: calls % failing === 0 }
    : { tools: [], ttlMs: 0, cacheScope: 'public' };
  const text = JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete', ...result } });
  setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(text), isCall ? afterMs : 0);
}).listen(Number(process.env.PORT ?? 0), '127.0.0.1', function () {
  console.log(this.address().port);
});
`;

/** Ends the server with the process that started it. */
const WITH_PARENT = "process.stdin.on('end', () => process.exit()).resume();";

/** The URL of a server that answers soon, and fails every `failing`th call. It runs already, so that no trial has to start it, until the tests end. */
export async function targetOf(failing: number): Promise<string> {
  const args = ['--input-type=module', '--eval', SERVER + WITH_PARENT, '--', 'server', '5', String(failing)];
  const server = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  // None of them keeps the tests from ending.
  server.unref();
  for (const pipe of [server.stdin, server.stdout]) (pipe as Socket).unref();
  return `http://127.0.0.1:${Number(port)}/mcp`;
}
