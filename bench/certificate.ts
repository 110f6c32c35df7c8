/** @module A certificate for the servers of the bench. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** Writes `cert.pem` and `key.pem` into `folder`: an EC key on P-256, for 127.0.0.1. Returns the path of the certificate. */
export async function writeCertificate(folder: string): Promise<string> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'paceline bench' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const path = join(folder, 'cert.pem');
  writeFileSync(path, cert);
  writeFileSync(join(folder, 'key.pem'), key);
  return path;
}
