/** @module The file of `--ca-file`: certificates that are trusted in place of those that Node brings. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UserError } from '../units/user-error.ts';

/** The certificates in `file`, as PEM. Throws a {@link UserError} when it cannot be read, or holds none. */
export function readCertificates(file: string): string {
  try {
    const ca = readFileSync(file, 'latin1');
    // A context of TLS accepts a file without certificates silently, and every connection would fail; this throws instead.
    new X509Certificate(ca);
    return ca;
  } catch (cause) {
    const what = `cannot load certificates from ${file} (${(cause as Error).message})`;
    throw new UserError(
      { where: '--ca-file', what, expected: 'a readable file of PEM certificates' },
      { cause },
    );
  }
}
