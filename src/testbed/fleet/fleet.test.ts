import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { alive } from '../../process/processes.case.ts';
import { completeOffer } from '../../profile/section/offer.ts';
import type { FleetSettings } from '../../profile/settings.ts';
import { compiledModule } from '../../units/compiled.ts';
import { UserError } from '../../units/user-error.ts';
import { type Fleet, type Instance, startFleet } from './fleet.ts';

const settings: FleetSettings = {
  kind: 'fleet',
  server: 'lean',
  era: 'stateless',
  instances: 3,
  tools: {
    catalogue: 3,
    work: { kind: 'constant', us: 1000 },
    reportBytes: 10,
    ttlMs: 0,
    cacheScope: 'private',
  },
  offer: completeOffer({ ttlMs: 0, cacheScope: 'private' }),
  instanceHeader: 'x-served-by',
};

const start = (changes: Partial<FleetSettings> = {}, signal?: AbortSignal): Promise<Fleet> =>
  startFleet({ settings: { ...settings, ...changes }, seed: 1 }, signal);

const runs = ({ pid }: Instance): boolean => alive(pid);

const processes = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length;
/** The test runner may have children of its own. */
const others = processes();
/** Children of this very process that still run. */
const children = (): number => processes() - others;
/** Polled, because the runtime forgets a process shortly after it has reported its end. */
const noChildren = (): Promise<void> => expect.poll(children, { timeout: 2000, interval: 5 }).toBe(0);

describe('a fleet', () => {
  it('has instances of its own number, each on a port of its own, and leaves none behind', async () => {
    const fleet = await start();
    const { instances } = fleet;
    expect(instances.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(new Set(instances.map(({ url }) => url)).size).toBe(3);
    for (const { url } of instances) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    const answers = await Promise.all(instances.map(({ url }) => fetch(url)));
    expect(answers.map(({ headers }) => headers.get('x-served-by'))).toEqual(['1', '2', '3']);
    await Promise.all([fleet.stop(), fleet.stop()]);
    expect(instances.map(runs)).toEqual([false, false, false]);
    await noChildren();
  });

  it('reports an instance that was killed, and not those that it stops itself', async () => {
    const fleet = await start();
    process.kill(fleet.instances[1]!.pid, 'SIGKILL');
    await expect.poll(() => fleet.notes(), { timeout: 10_000, interval: 5 }).toHaveLength(1);
    await fleet.kill('3');
    await fleet.stop();
    expect(fleet.notes()).toEqual([
      { kind: 'exited', part: 'fleet', instance: '2', code: null, signal: 'SIGKILL', output: '' },
    ]);
  });

  it('numbers those that join on from its size, and ignores events for one that ended', async () => {
    const fleet = await start({ instances: 1 });
    const joined = await Promise.all([fleet.add(), fleet.add()]);
    expect(joined.map(({ id }) => id)).toEqual(['2', '3']);
    fleet.pause('2');
    await fleet.slow('3', 1000);
    await Promise.all([fleet.kill('2'), fleet.kill('3')]);
    fleet.resume('2');
    await fleet.slow('3', 0);
    expect(fleet.instances.map(runs)).toEqual([true, false, false]);
    await expect(fleet.kill('4')).rejects.toThrow('there is no instance 4');
    await fleet.stop();
    await noChildren();
  });

  it('waits at its stop for one that is just joining', async () => {
    const fleet = await start({ instances: 1 });
    const joining = fleet.add();
    await fleet.stop();
    expect(runs(await joining)).toBe(false);
    await noChildren();
  });

  it('does not outlive its parent, not even an instance that is paused', async () => {
    const module = compiledModule(import.meta.url, './fleet').href;
    const script = `import { startFleet } from '${module}';
      const fleet = await startFleet({ settings: ${JSON.stringify({ ...settings, instances: 2 })}, seed: 1 });
      fleet.pause('1');
      process.stdout.write(JSON.stringify(fleet.instances) + '\\n');`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
    const instances = JSON.parse(line) as Instance[];
    expect(instances.map(runs)).toEqual([true, true]);
    parent.kill('SIGKILL');
    await expect.poll(() => instances.map(runs), { timeout: 10_000, interval: 20 }).toEqual([false, false]);
  });

  it('that cannot start says which instance failed and why, and leaves none behind', async () => {
    const endless = { ...settings.tools, catalogue: Number.POSITIVE_INFINITY };
    const starting = start({ tools: endless });
    await expect(starting).rejects.toThrow(UserError);
    await expect(starting).rejects.toThrow(/^instance \d: could not start: Invalid array length/);
    await noChildren();
  });

  it('whose start is aborted leaves none behind', async () => {
    const abort = new AbortController();
    const starting = start({ server: 'sdk' }, abort.signal);
    abort.abort(new Error('interrupted'));
    await expect(starting).rejects.toThrow('interrupted');
    await noChildren();
  });
});
