import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { CA, GOOD } from '../driver/certificates.case.ts';
import { scratch } from '../units/scratch.case.ts';
import { partsOf } from './parts.ts';
import { settingsOf, startFor } from './profile-testbed.case.ts';
import { startTestbed } from './testbed.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Terminates TLS in front of the server at `url`. */
async function secured(url: string): Promise<string> {
  const { port } = new URL(url);
  const server = createServer(GOOD, (socket) => {
    const plain = connect(Number(port), '127.0.0.1');
    socket.pipe(plain).pipe(socket);
    socket.on('error', () => plain.destroy());
    plain.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

it('balances replicas with TLS, whose certificates are checked as those of a target are', async () => {
  const caFile = join(scratch(), 'ca.pem');
  writeFileSync(caFile, CA);
  const fleet = await startFor(settingsOf('fleet: { server: lean, era: stateless, instances: 2 }'));
  ends.push(() => fleet.stop());
  const urls = await Promise.all(fleet.instances.map(({ url }) => secured(url)));
  const settings = settingsOf(
    `target: { instances: ${JSON.stringify(urls)}, era: stateless }`,
    'balancer: { policy: round-robin }',
  );
  const testbed = await startTestbed(partsOf(settings, 1, { tls: { insecure: false, caFile } }), {});
  ends.push(() => testbed.stop());
  expect(testbed.endpoint.url).toMatch(/^http:/);
  const served = [1, 2].map(async () => (await fetch(testbed.endpoint.url)).headers.get('x-served-by'));
  expect((await Promise.all(served)).sort()).toEqual(testbed.instances.map(({ id }) => id).sort());
  await expect(startTestbed(partsOf(settings, 1, { tls: { insecure: false } }), {})).rejects.toThrow(
    /certificate/,
  );
});
