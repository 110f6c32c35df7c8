/** @module System errors in words a stranger understands. */

const SENTENCES: Readonly<Record<string, (error: NodeJS.ErrnoException & Place) => string>> = {
  EADDRINUSE: (error) => `the address ${place(error)} is already in use`,
  EADDRNOTAVAIL: (error) => `this machine has no address ${place(error)}`,
  EACCES: (error) => `no permission for ${place(error)}`,
  EMFILE: () => 'too many open files (raise the limit with ulimit -n)',
  ENOENT: (error) => `there is no ${error.path ?? 'such file'}`,
  ERR_MODULE_NOT_FOUND: (error) => error.message,
};

interface Place {
  readonly address?: string;
  readonly port?: number;
}

/** What went wrong, without a stack: for a system error a sentence, else the error's own message. */
export function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const system = error as NodeJS.ErrnoException & Place;
  return SENTENCES[system.code ?? '']?.(system) ?? error.message;
}

function place(error: NodeJS.ErrnoException & Place): string {
  if (error.address === undefined) return error.path ?? 'it';
  return error.port === undefined ? error.address : `${error.address}:${error.port}`;
}
