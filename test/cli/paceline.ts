/** @module Runs the built command line as a user does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, vi } from 'vitest';
import { descendantsOf } from '../../src/process/processes.case.ts';
import { scratch } from '../../src/units/scratch.case.ts';

export { scratch };

const BIN = resolve(import.meta.dirname, '../../bin/paceline.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stdout or stderr has said `text`. */
  said(text: string): Promise<void>;
}

/** A profile file with `text`, in a folder of its own. */
export function profileFile(text: string): string {
  const path = join(scratch(), 'profile.yaml');
  writeFileSync(path, text);
  return path;
}

/** Starts `paceline` with `args` in a folder of its own. */
export function start(...args: readonly string[]): Running {
  return startIn({}, ...args);
}

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it reads from standard input; empty by default. */
  readonly stdin?: string;
}

/** As {@link start}, in other surroundings. */
export function startIn(
  { env = {}, cwd = scratch(), stdin }: Surroundings,
  ...args: readonly string[]
): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(stdin);
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    wake();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    wake();
  });
  const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ code, stdout, stderr })));
  const said = (text: string): Promise<void> =>
    new Promise((done, fail) => {
      const look = (): void => {
        if (!stdout.includes(text) && !stderr.includes(text)) return;
        waiting.delete(look);
        done();
      };
      waiting.add(look);
      look();
      void ended.then(() => fail(new Error(`ended without saying "${text}":\n${stdout}\n${stderr}`)));
    });
  return { process: child, ended, said };
}

/** Runs `paceline` to its end. */
export function paceline(...args: readonly string[]): Promise<Ended> {
  return start(...args).ended;
}

/** The processes that `running` started, directly or not, as soon as there are `count`. */
export async function processesOf(running: Running, count: number): Promise<readonly number[]> {
  const now = (): readonly number[] => descendantsOf(running.process.pid!);
  await vi.waitFor(() => expect(now().length).toBeGreaterThanOrEqual(count), {
    timeout: 20_000,
    interval: 20,
  });
  return now();
}

/** Exit codes of a run that went well: 5 says that the machine was too busy to measure anything. */
export const WENT_WELL: readonly unknown[] = [0, 5];
