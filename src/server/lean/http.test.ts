import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describeRequestReader, type ReadStream } from '../../http/conformance.case.ts';
import { serveConnection } from './connection.ts';

/** Feeds `parts` to a connection without a network, whose handler keeps what it is asked. */
function read(parts: readonly Buffer[]): ReadStream {
  const messages: { start: string; body: string }[] = [];
  let refused: number | undefined;
  const nothing = (): void => {};
  const socket = Object.assign(new EventEmitter(), {
    destroyed: false,
    setNoDelay: nothing,
    pause: nothing,
    resume: nothing,
    destroy: nothing,
    write: () => true,
    end: nothing,
  });
  serveConnection(socket as unknown as Socket, {
    answer: (head, body) => {
      messages.push({ start: `${head.method} ${head.path}`, body });
      return '';
    },
    refuse: ({ status }) => {
      refused = status;
      return '';
    },
  });
  // What a socket reads stays as it is: Node gives every read memory of its own.
  for (const part of parts) socket.emit('data', Buffer.from(part));
  return { messages, refused };
}

describeRequestReader({
  name: 'the lean server',
  rules: { host: false, http10: true },
  read,
  body: ({ data }) => Buffer.from(data, 'latin1').toString('utf8'),
});
