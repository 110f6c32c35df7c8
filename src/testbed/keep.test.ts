import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tagsOf } from '../../test/programs.ts';
import { scratch } from '../units/scratch.case.ts';
import { settingsOf, startFor } from './profile-testbed.case.ts';

const LEAN = 'fleet: { server: lean, instances: 2 }';
const COMMAND = 'fleet: { server: { command: [node, your-server.mjs] }, instances: 1 }';

describe('a testbed that is to keep its files', () => {
  const kept = [
    ['embedded', LEAN, ['balancer.log', 'instance-1.log', 'instance-2.log']],
    ['nginx', LEAN, ['instance-1.log', 'instance-2.log', 'nginx.conf', 'nginx.log']],
    ['haproxy', COMMAND, ['haproxy.conf', 'haproxy.log', 'instance-1.log']],
  ] as const;
  for (const [engine, fleet, files] of kept)
    it(`has them when it has stopped: ${engine}, ${fleet}`, { tags: tagsOf(engine) }, async () => {
      const folder = scratch();
      const testbed = await startFor(settingsOf(fleet, `balancer: { engine: ${engine} }`), { keep: folder });
      await testbed.stop();
      expect(readdirSync(folder).sort()).toEqual(files);
    });

  it('has the output of a command, and the configuration after the last change', {
    tags: ['nginx'],
  }, async () => {
    const folder = scratch();
    const settings = settingsOf(COMMAND, 'balancer: { engine: nginx }', 'faults: [{ at: 1s, add: 1 }]');
    const testbed = await startFor(settings, { keep: folder });
    const port = (index: number): string =>
      new URL([...testbed.instances, ...testbed.standby][index]!.url).port;
    const configuration = (): string => readFileSync(join(folder, 'nginx.conf'), 'utf8');
    expect(configuration()).not.toContain(port(1));
    await testbed.controls.join!();
    expect(configuration()).toContain(port(1));
    await testbed.stop();
    expect(readFileSync(join(folder, 'instance-1.log'), 'utf8')).toContain(`listening on ${port(0)}`);
  });
});
