/** @module The only module that prints: messages to stderr, requested output to stdout. */

/** The output of a command. */
export interface Terminal {
  /** Prints a message line to stderr. */
  say(line: string): void;
  /** Prints a line that the next one overwrites; has no effect when stderr is not a terminal. */
  status(line: string): void;
  /** Writes requested output to stdout. Resolves when it has been written. */
  print(content: string | Uint8Array): Promise<void>;
  readonly live: boolean;
}

const CLEAR = '\r\x1b[2K';

/** The terminal of this process; with `quiet`, it prints no messages. */
export function openTerminal({ quiet }: { readonly quiet: boolean }): Terminal {
  const { stderr, stdout } = process;
  const live = stderr.isTTY === true && !quiet;
  let dirty = false;
  const clear = (): void => {
    if (dirty) stderr.write(CLEAR);
    dirty = false;
  };
  return {
    live,
    say(line) {
      clear();
      if (!quiet) stderr.write(`${line}\n`);
    },
    status(line) {
      if (!live) return;
      stderr.write(`${CLEAR}${line.slice(0, Math.max(20, (stderr.columns ?? 80) - 1))}`);
      dirty = true;
    },
    print: (content) =>
      new Promise((resolve, reject) => {
        clear();
        stdout.write(content, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
