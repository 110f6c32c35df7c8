/**
 * @module Lets one process at a time open an LMDB store, while none of the others changes it. LMDB, as lmdb 3.5 has it, reads from the file which
 * transaction was the latest when it opens a store, and then sets the number that all processes count with back to it, without a lock
 * (`mdb_env_open2`). A commit in between is lost, or changes after it fail as `MDB_BAD_TXN`.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** What the gate says to a process, a letter each. A process answers each but `go` with {@link DONE}. */
export const WORDS = { hold: 'h', go: 'g', open: 'o' } as const;
export const DONE = 'd';

/** The gate of one store. A process that ends, however it does, leaves it. */
export interface LmdbGate {
  /** Path of the socket that processes come to. */
  readonly socket: string;
  stop(): Promise<void>;
}

/** Starts the gate of the store in `folder`, which exists. */
export async function startLmdbGate(folder: string): Promise<LmdbGate> {
  const gate = new Gate();
  const socket = join(folder, 'gate.sock');
  const server = createServer((connection) => gate.admit(new Visitor(connection)));
  await listening(server, socket);
  return {
    socket,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        gate.close();
      }),
  };
}

const listening = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });

/** The processes that have opened the store, and those that wait for it. */
class Gate {
  readonly #all = new Set<Visitor>();
  readonly #within = new Set<Visitor>();
  #queue: Promise<void> = Promise.resolve();

  admit(visitor: Visitor): void {
    this.#all.add(visitor);
    void visitor.left.then(() => {
      this.#all.delete(visitor);
      this.#within.delete(visitor);
    });
    this.#queue = this.#queue.then(() => this.#letOpen(visitor));
  }

  close(): void {
    for (const visitor of this.#all) visitor.close();
  }

  async #letOpen(visitor: Visitor): Promise<void> {
    const others = [...this.#within];
    await Promise.all(others.map((other) => other.answer(WORDS.hold)));
    if (await visitor.answer(WORDS.open)) this.#within.add(visitor);
    for (const other of others) other.say(WORDS.go);
  }
}

/** A process at the gate. */
class Visitor {
  /** Resolves when the process has ended or closed its store. */
  readonly left: Promise<void>;
  readonly #connection: Socket;
  #onAnswer: () => void = () => undefined;

  constructor(connection: Socket) {
    this.#connection = connection;
    this.left = new Promise((resolve) => {
      connection.on('error', () => undefined).once('close', () => resolve());
    });
    connection.on('data', () => this.#onAnswer());
  }

  say(word: string): void {
    this.#connection.write(word);
  }

  /** Says `word`. Resolves with true when the process has done it, and with false when it has left. */
  answer(word: string): Promise<boolean> {
    const answered = new Promise<boolean>((resolve) => {
      this.#onAnswer = () => resolve(true);
    });
    this.say(word);
    return Promise.race([answered, this.left.then(() => false)]);
  }

  close(): void {
    this.#connection.destroy();
  }
}
