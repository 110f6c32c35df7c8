/** @module The answers that a client gets: those of upstreams, the proxy's own, and what a cache gives. */
import type { Socket } from 'node:net';
import { type Given, givenText } from './cache/kept-answer.ts';
import type { Closing } from './closing.ts';
import type { UpstreamHead } from './heads.ts';
import { answerText, type OwnAnswer } from './own-answer.ts';
import { type Piece, writeBody, writeRenewed, writeVerbatim } from './piece.ts';

/** Writes the answers of one client connection, and closes it after the last one. */
export class ClientAnswers {
  readonly #socket: Socket;
  readonly #closing: Closing;

  constructor(socket: Socket, closing: Closing) {
    this.#socket = socket;
    this.#closing = closing;
  }

  /** An interim answer. Like the others, it returns whether the client takes more. */
  interim({ startLine, fields }: UpstreamHead): boolean {
    return this.#socket.write(`${startLine}${fields.text}\r\n`, 'latin1');
  }

  /** The first piece of an upstream's answer, with `added` field lines. */
  begin(piece: Piece<UpstreamHead>, head: UpstreamHead, added: string): boolean {
    const socket = this.#socket;
    const lines = `${added}${this.#closing.announced ? 'connection: close\r\n' : ''}`;
    if (lines !== '') return writeRenewed(socket, `${head.whole.slice(0, -2)}${lines}\r\n`, piece);
    return head.verbatim ? writeVerbatim(socket, piece) : writeRenewed(socket, head.whole, piece);
  }

  /** A further piece of it. */
  follow(piece: Piece<UpstreamHead>): boolean {
    return writeBody(this.#socket, piece);
  }

  /** A whole answer in the proxy's own name. */
  own(answer: OwnAnswer): void {
    this.#end(answerText(answer, this.#closing.announced), 'utf8');
  }

  /** A whole answer from the cache, with `added` field lines. */
  give(given: Given, added: string): void {
    this.#end(givenText(given, added, this.#closing.announced), 'latin1');
  }

  #end(text: string, encoding: BufferEncoding): void {
    this.#socket.write(text, encoding);
    if (this.#closing.announced) this.#closing.hangUp();
  }
}
