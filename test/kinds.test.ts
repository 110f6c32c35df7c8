/** @module What implements a row of the table of kinds is there, and can do what the row says. */
import { describe, expect, it } from 'vitest';
import { engines } from '../src/balancer/balancer.ts';
import { renderConfig } from '../src/balancer/config/render/render.ts';
import { policies } from '../src/balancer/policy/table.ts';
import { loadDriver } from '../src/driver/drivers.ts';
import {
  CONFIG_KINDS,
  CONFIGS,
  ENGINE_NAMES,
  ENGINES,
  POLICIES,
  POLICY_NAMES,
  supportOf,
} from '../src/profile/balancer-kinds.ts';
import { DRIVER_NAMES, DRIVERS, ERAS, OWN_SERVERS, SERVERS } from '../src/profile/kinds.ts';
import { MODULES } from '../src/server/programs.ts';
import { systemClock } from '../src/units/clock.ts';
import { UserError } from '../src/units/user-error.ts';

const OPTIONS = {
  connections: 1,
  timeoutUs: 1e6,
  checkIds: true,
  clock: systemClock,
  instanceHeader: 'x-served-by',
  tls: { insecure: false },
};

describe('the table of kinds', () => {
  it.each(DRIVER_NAMES)('has the driver %s, which verifies certificates or refuses https', async (name) => {
    const create = await loadDriver(name);
    await create({ ...OPTIONS, url: 'http://127.0.0.1:1/mcp' }).close();
    const secure = () => create({ ...OPTIONS, url: 'https://127.0.0.1:1/mcp' });
    if (DRIVERS[name].checksCertificates) await secure().close();
    else expect(secure).toThrow(UserError);
  });

  it('has every policy that the embedded balancer implements, and no other', () => {
    expect(POLICY_NAMES).toEqual(Object.keys(policies));
    for (const policy of POLICY_NAMES) expect(supportOf('embedded', policy).kind).toBe('full');
  });

  it('has every engine, with its program configured in a language that is printed', () => {
    expect(ENGINE_NAMES).toEqual(Object.keys(engines));
    for (const engine of ENGINE_NAMES) {
      const { program, config } = ENGINES[engine];
      expect(program === undefined).toBe(config === undefined);
    }
  });

  it.each(CONFIG_KINDS)('says which policies can be printed for %s, in which era', (kind) => {
    for (const policy of POLICY_NAMES) {
      const { eras, fallback } = POLICIES[policy];
      for (const era of ERAS) {
        const print = () => renderConfig(kind, { policy, era, upstreams: 3, path: '/mcp' });
        const possible =
          CONFIGS[kind].policies[policy].kind !== 'none' && (eras.includes(era) || fallback !== undefined);
        if (possible) expect(print()).toContain(CONFIGS[kind].title === 'Kubernetes' ? 'Manifests' : kind);
        else expect(print).toThrow(UserError);
      }
    }
  });

  it.each(OWN_SERVERS)('has the server %s with a program for each of its eras, and no other', (server) => {
    expect(Object.keys(MODULES[server]).sort()).toEqual([...SERVERS[server].eras].sort());
  });
});
