import { readdirSync, watch } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { processesOf, profileFile, type Running, scratch, start } from './paceline.ts';
import { rudeServer } from './rude-server.ts';

const profile = (rest: string): string =>
  profileFile(
    `version: 1\nload: { rate: 50/s, duration: 60s, warmup: 0s, timeout: 60s }\ncalls: [{ list: tools }]\n${rest}\n`,
  );

/** Starts a run on a server that never answers, and presses Ctrl-C when it has been asked. */
async function interrupted(era: string, ...flags: readonly string[]): Promise<Running> {
  let isAsked = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const server = await rudeServer((socket) => void socket.once('data', isAsked));
  onTestFinished(() => server[Symbol.asyncDispose]());
  const running = start('run', profile(`target: { url: "${server.url}", era: ${era} }`), ...flags);
  await asked;
  running.process.kill('SIGINT');
  return running;
}

// Without Ctrl-C, a probe would take longer than the time limit of a test: a minute, or five seconds and a minute.
describe('Ctrl-C ends the probe of a silent server', () => {
  it.each(['auto', 'stateless', 'sessions'])('of the era %s', async (era) => {
    const out = scratch();
    const { code, stderr } = await (await interrupted(era, '--out', out)).ended;
    expect(code).toBe(130);
    expect(stderr).not.toMatch(/error/i);
    expect(readdirSync(out).sort()).toEqual(['report.html', 'result.json']);
  });

  it.each(['auto', 'sessions'])('of the era %s, with --once', async (era) => {
    const { code, stderr } = await (await interrupted(era, '--once')).ended;
    expect(code).toBe(130);
    expect(stderr).toContain('interrupted after 0 of 1 call,');
    expect(stderr).not.toMatch(/error/i);
  });
});

it('a second Ctrl-C while the result is being written leaves no part of it', async () => {
  const out = scratch();
  const running = start('run', profile('fleet: { server: lean, instances: 1 }'), '--out', out);
  const watching = watch(out, (_, name) => {
    if (name?.endsWith('.part') === true) running.process.kill('SIGINT');
  });
  onTestFinished(() => watching.close());
  await processesOf(running, 2);
  running.process.kill('SIGINT');
  const { code } = await running.ended;
  expect(code).toBe(130);
  expect(readdirSync(out).filter((name) => name.endsWith('.part'))).toEqual([]);
});
