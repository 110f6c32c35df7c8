import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { descendantsOf, gone, isStopped } from '../../src/process/processes.case.ts';
import { ResultDocument } from '../../src/result/document.ts';
import { paceline, profileFile, scratch, start, WENT_WELL } from './paceline.ts';

const faulty = (fault: string, duration = '2s'): string =>
  profileFile(`
version: 1
title: faulty
load: { rate: 100/s, warmup: 200ms, duration: ${duration}, agents: 8, connections: 8 }
calls: [{ tool: echo, arguments: { text: "hi {{seq}}" } }]
fleet: { server: sdk, era: sessions, instances: 2 }
balancer: { policy: sticky }
faults: [${fault}]`);

describe('paceline run with faults', () => {
  it('kills an instance, and reports its cost and no unexpected exit', async () => {
    const out = scratch();
    const ended = await paceline(
      'run',
      faulty('{ at: 500ms, kill: 1, instance: 2 }'),
      '--json',
      '--out',
      out,
    );
    expect(WENT_WELL, ended.stderr).toContain(ended.code);
    const [variant] = ResultDocument.parse(JSON.parse(ended.stdout)).variants;
    const [repetition] = variant!.repetitions;
    expect(repetition!.notes.filter((note) => note.includes('instance'))).toEqual([]);
    expect(repetition!.faults).toMatchObject([{ kind: 'kill', instance: '2', instances: ['2'] }]);
    const { callsFailed, sessionsLost } = repetition!.faults![0]!;
    // Half of eight sessions lived there, and each agent calls about a dozen times a second.
    expect(sessionsLost).toBe(4);
    expect(callsFailed).toBeGreaterThanOrEqual(4);
    expect(variant!.faults).toMatchObject([{ kind: 'kill', repetitions: 1, sessionsLost: { mean: 4 } }]);
    expect(ended.stderr).toMatch(/kill at\s+0\.[5-9]\d{0,2} s/);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Effects of injected faults');
  });

  it('leaves no paused instance behind when it is interrupted', async () => {
    const running = start('run', faulty('{ at: 100ms, pause: 2, for: 1h }', '60s'), '--out', scratch());
    const children = (): readonly number[] => descendantsOf(running.process.pid!);
    await expect.poll(() => children().some(isStopped), { timeout: 20_000, interval: 20 }).toBe(true);
    const pids = children();
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    await gone(...pids);
  });
});
