import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile/profile.ts';
import { scratch } from '../units/scratch.case.ts';
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

  it('rejects replicas with TLS behind a balancer that does not connect to them with TLS', async () => {
    const { variants } = parseProfile(
      `version: 1
load: { concurrency: 2 }
calls: [{ list: tools }]
target: { instances: ["http://127.0.0.1:1/mcp", "https://127.0.0.1:2/mcp"] }
balancer: { engine: embedded }
variants:
  - { name: ours }
  - { name: theirs, balancer.engine: nginx }`,
      'profile.yaml',
    );
    await preflight([variants[0]!], { insecure: false });
    await expect(preflight(variants, { insecure: false })).rejects.toThrow(
      'balancer.engine (variant "theirs"): "nginx" is started for instances that speak plain HTTP, and "https://127.0.0.1:2/mcp" uses TLS; expected http:// instances, or "embedded", which connects to them with TLS',
    );
  });

  it('reads the files of the policy, and names the place of a mistake', async () => {
    const folder = scratch();
    const file = join(folder, 'policies.cedar');
    writeFileSync(file, 'permit(principal, action, resource)\nwhen { context.x = 3 };\n');
    writeFileSync(join(folder, 'entities.json'), '[]');
    const { variants } = parseProfile(
      `version: 1
load: { rate: 10/s, agents: 1 }
calls: [{ list: tools }]
fleet: { server: lean }
auth: { mode: jwt, policy: cedar, cedar: { policies: policies.cedar, entities: entities.json } }
identities: [{ name: a, agents: 1 }]
variants:
  - { name: checked }
  - { name: unchecked, auth.mode: none }
  - { name: gone, auth.cedar.entities: no-such.json }`,
      join(folder, 'profile.yaml'),
    );
    await expect(preflight(variants)).rejects.toThrow(
      [
        `${file}:2:8 (variant "checked"): failed to parse policies from string: '=' is not a valid operator in Cedar (try using '==' instead)`,
        `auth.cedar.entities (variant "gone"): cannot be read: there is no ${join(folder, 'no-such.json')} (correct the path, which is relative to the folder of the profile)`,
      ].join('\n'),
    );
  });
});
