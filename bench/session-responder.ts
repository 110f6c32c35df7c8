/** @module A server of the era of sessions that does as little as possible: every client gets a session, and no stream. One request arrives in one piece. */
import { type AddressInfo, createServer } from 'node:net';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const ACCEPTED = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n';
/** To the GET that would open a stream, which the protocol allows a server to refuse. */
const REFUSED = 'HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n';
const INITIALIZED =
  '"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"bench","version":"1"}}';
const DONE = '"result":{"content":[{"type":"text","text":"hello"}]}';

let sessions = 0;

function answer(request: string): string {
  if (!request.startsWith('POST')) return request.startsWith('GET') ? REFUSED : ACCEPTED;
  const body = request.slice(request.indexOf('\r\n\r\n') + 4);
  const id = /"id":(\d+|"[^"]*")/.exec(body)?.[1];
  if (id === undefined) return ACCEPTED;
  if (!body.includes('"method":"initialize"')) return whole(`{"jsonrpc":"2.0","id":${id},${DONE}}`, '');
  sessions += 1;
  return whole(`{"jsonrpc":"2.0","id":${id},${INITIALIZED}}`, `Mcp-Session-Id: session-${sessions}\r\n`);
}

const whole = (body: string, fields: string): string =>
  `${HEAD}${fields}Content-Length: ${body.length}\r\n\r\n${body}`;

const server = createServer({ noDelay: true }, (socket) => {
  socket.setEncoding('latin1');
  socket.on('data', (request: string) => {
    socket.write(answer(request), 'latin1');
  });
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
