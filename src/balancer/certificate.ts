/** @module The certificate of a balancer that clients reach over TLS: made for one run, for this machine only. */
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { systemClock } from '../units/clock.ts';

/** Files of a certificate. */
export interface Certificate {
  /** The certificate and its private key, in PEM: for the balancer. */
  readonly pemFile: string;
  /** The certificate alone: what clients have to trust. */
  readonly caFile: string;
}

type Library = typeof import('selfsigned');
const require = createRequire(import.meta.url);

/** Longer than any run, and no longer than that. */
const VALID_MS = 7 * 24 * 3600e3;

/** Makes a certificate for 127.0.0.1 and `localhost`, signed by itself, with a key of its own (ECDSA, P-256), and writes it into `folder`. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const { generate } = require('selfsigned') as Library;
  const now = systemClock.date();
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: now,
    notAfterDate: new Date(now.getTime() + VALID_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const files = { pemFile: join(folder, 'balancer.pem'), caFile: join(folder, 'ca.pem') };
  await writeFile(files.pemFile, `${cert.trim()}\n${key.trim()}\n`, { mode: 0o600 });
  await writeFile(files.caFile, `${cert.trim()}\n`);
  return files;
}
