import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile/profile.ts';
import { preflight } from './preflight.ts';

const { variants } = parseProfile(
  `version: 1
load: { concurrency: 2, driver: autocannon }
calls: [{ list: tools }]
target: { url: "https://mcp.example.com/mcp" }
variants:
  - { name: a }
  - { name: b, load.driver: wire }
  - { name: c, load.agents: 3 }
  - { name: d, target.url: "https://127.0.0.1:8443/mcp" }`,
  'profile.yaml',
);

describe('the preflight of variants', () => {
  it('rejects a driver that would not check the certificate of the target, each problem once', async () => {
    await expect(preflight(variants, { insecure: false })).rejects.toThrow(
      [
        'load.driver (variants "a" and "c"): autocannon does not check certificates, so it accepts any certificate for mcp.example.com; expected another driver for https, or --insecure (use load.driver wire or undici)',
        'load.driver (variant "d"): autocannon does not check certificates, so it accepts any certificate for 127.0.0.1:8443; expected another driver for https, or --insecure (use load.driver wire or undici)',
      ].join('\n'),
    );
  });

  it('accepts it when certificates are not to be checked, or no driver is used', async () => {
    await preflight(variants, { insecure: true });
    await preflight(variants);
    await preflight([variants[1]!], { insecure: false });
  });

  it('names no variants when all of them have the problem', async () => {
    await expect(preflight([variants[0]!], { insecure: false })).rejects.toThrow(/^load\.driver: autocannon/);
  });
});
