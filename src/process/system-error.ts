/** @module Descriptions of system errors for users who do not know the error codes. */

const DESCRIPTIONS: Readonly<Record<string, (error: NodeJS.ErrnoException & Address) => string>> = {
  EADDRINUSE: (error) => `the address ${addressOf(error)} is already in use`,
  EADDRNOTAVAIL: (error) => `this machine has no address ${addressOf(error)}`,
  EACCES: (error) => `no permission for ${addressOf(error)}`,
  EMFILE: () => 'too many open files (raise the limit with ulimit -n)',
  ENOENT: (error) => `there is no ${error.path ?? 'such file'}`,
  ERR_MODULE_NOT_FOUND: (error) => error.message,
};

interface Address {
  readonly address?: string;
  readonly port?: number;
}

/** A description of the error without a stack trace: a sentence for a system error, else the error's own message. */
export function describeSystemError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const system = error as NodeJS.ErrnoException & Address;
  return DESCRIPTIONS[system.code ?? '']?.(system) ?? error.message;
}

function addressOf(error: NodeJS.ErrnoException & Address): string {
  if (error.address === undefined) return error.path ?? 'it';
  return error.port === undefined ? error.address : `${error.address}:${error.port}`;
}
