/** @module The only place that prints: human words on stderr, what was asked for on stdout. */

/** Where a command speaks. */
export interface Terminal {
  /** A line for people. */
  say(line: string): void;
  /** A line that is overwritten by the next one. Nothing where stderr is not a terminal. */
  status(line: string): void;
  /** What was asked for. Resolves when it has been handed over. */
  print(content: string | Uint8Array): Promise<void>;
  readonly live: boolean;
}

const CLEAR = '\r\x1b[2K';

/** The terminal of this process; `quiet` keeps it from saying anything but faults. */
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
