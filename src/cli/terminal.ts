/** @module The only module that prints: what a command has found to stdout, messages about its work to stderr. */

/** The output of a command. */
export interface Terminal {
  /** Prints a message about the work under way, to stderr. */
  say(line: string): void;
  /** Prints what the command has found, for people: to stdout, or to stderr when stdout carries data that was asked for. */
  tell(line: string): void;
  /** As {@link Terminal.tell}, also with `--quiet`: for what has failed. */
  tellAnyway(line: string): void;
  /** Prints a line that the next one overwrites, to stderr; has no effect when that is not a terminal. */
  status(line: string): void;
  /** Writes data that was asked for to stdout, pieces one after the other. Resolves when it has been written, or cannot be. */
  print(content: string | Uint8Array | Iterable<string>): Promise<void>;
  readonly live: boolean;
}

export interface TerminalOptions {
  /** Whether messages and findings are left out. */
  readonly quiet: boolean;
  /** Whether stdout carries data that was asked for. */
  readonly data: boolean;
}

/** Resolves when `piece` has been written or cannot be: the program reports a stdout that cannot be written, whoever writes. */
const written = (stream: NodeJS.WriteStream, piece: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    stream.write(piece, () => resolve());
  });

const CLEAR = '\r\x1b[2K';

/** The terminal of this process. */
export function openTerminal({ quiet, data }: TerminalOptions): Terminal {
  const { stderr, stdout } = process;
  const live = stderr.isTTY === true && !quiet;
  let dirty = false;
  const clear = (): void => {
    if (dirty) stderr.write(CLEAR);
    dirty = false;
  };
  const tellAnyway = (line: string): void => {
    clear();
    (data ? stderr : stdout).write(`${line}\n`);
  };
  return {
    live,
    say(line) {
      clear();
      if (!quiet) stderr.write(`${line}\n`);
    },
    tell(line) {
      if (!quiet) tellAnyway(line);
    },
    tellAnyway,
    status(line) {
      if (!live) return;
      stderr.write(`${CLEAR}${line.slice(0, Math.max(20, (stderr.columns ?? 80) - 1))}`);
      dirty = true;
    },
    async print(content) {
      clear();
      const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
      for (const piece of pieces) await written(stdout, piece);
    },
  };
}
