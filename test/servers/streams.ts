/** @module Servers that use event streams for more than one answer: they ask their clients, close streams early, or send everything that a stream may hold. */
import { answerOf, event, type Handle, json, keeping, oldServer, openEvents, text } from './server.ts';

/** The server asks in the middle of a call, and goes on when it has been answered. */
export function pinging(): Handle {
  const waiting = new Map<unknown, () => void>();
  return keeping(
    ({ message }, response) => {
      const id = `ping-${waiting.size + 1}`;
      openEvents(response).write(event({ jsonrpc: '2.0', id, method: 'ping' }));
      waiting.set(id, () => response.end(event(answerOf(message))));
    },
    ({ message }, response) => {
      if (!('result' in message)) return false;
      waiting.get(message.id)?.();
      response.writeHead(202).end();
      return true;
    },
  );
}

/** The server asks on the GET stream, and ends the session without an answer within 300 ms. */
export function heartbeat(): Handle {
  const live = new Set<string>();
  const pongs = new Map<unknown, NodeJS.Timeout>();
  return oldServer(
    ({ message, session }, response) => {
      if (message.method === 'initialize') {
        const id = `s${live.size + 1}`;
        live.add(id);
        json(response, 200, answerOf(message), { 'mcp-session-id': id });
      } else if (live.has(session)) json(response, 200, answerOf(message));
      else text(response, 404, 'Session not found');
    },
    ({ httpMethod, message, session }, response) => {
      if ('result' in message) clearTimeout(pongs.get(message.id));
      if (httpMethod !== 'GET') return false;
      const id = `ping-${session}`;
      openEvents(response).write(event({ jsonrpc: '2.0', id, method: 'ping' }));
      pongs.set(id, setTimeout(() => live.delete(session), 300).unref());
      return true;
    },
  );
}

/** SEP-1699: a first event with an id, and the answer to the GET that continues the stream. */
export function polling(): Handle {
  const kept = new Map<string, unknown>();
  return keeping(
    ({ message }, response) => {
      const id = `e${kept.size + 1}`;
      kept.set(id, answerOf(message));
      openEvents(response).end(`id: ${id}\nretry: 10\ndata: \n\n`);
    },
    ({ httpMethod, headers }, response) => {
      const answer = kept.get(String(headers['last-event-id']));
      if (httpMethod !== 'GET' || answer === undefined) return false;
      openEvents(response).end(event(answer));
      return true;
    },
  );
}

/** Comments, ids, notifications, all line ends, data over two lines, in pieces. */
export function noisy(): Handle {
  let answers = 0;
  return oldServer(({ message }, response) => {
    const end = ['\n', '\r\n', '\r'][answers++ % 3]!;
    const answer = JSON.stringify(answerOf(message));
    const cut = answer.indexOf(',"result"') + 1;
    const progress =
      '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}';
    const lines = [
      ': hi',
      '',
      `id: ${answers}`,
      'retry: 1000',
      'data: ',
      '',
      `data: ${progress}`,
      '',
      'event: message',
    ];
    const stream = [...lines, `data: ${answer.slice(0, cut)}`, `data: ${answer.slice(cut)}`, '', ''].join(
      end,
    );
    openEvents(response);
    for (let at = 0; at < stream.length; at += 60) response.write(stream.slice(at, at + 60));
    response.end();
  });
}
