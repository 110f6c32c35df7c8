/** @module `fleet.tasks`: the tasks that calls of the tool `slow_report` become. Source: MCP Tasks, 2026-07-28. */
import type { z } from 'zod';
import { type Millis, parseDuration } from '../../units/time.ts';
import { completeWork, type ServiceTime, Work } from './tools.ts';
import { duration, mapping, share } from './values.ts';

/** What the built-in servers do with calls of the tool `slow_report`. */
export interface FleetTaskSettings {
  /** How long a task works, and again after each answer. */
  readonly work: ServiceTime;
  readonly ttlMs: Millis;
  readonly pollIntervalMs: Millis;
  /** Shares of the tasks, 0 to 1: those that end `failed`, those whose tool fails, those that ask for input. */
  readonly failed: number;
  readonly toolErrors: number;
  readonly asks: number;
}

export const FleetTasks = mapping({
  work: Work.default('2s').describe('How long a task works: a duration, or a distribution of durations.'),
  ttl: duration(1e3, 24 * 3600e6)
    .default('60s')
    .describe('How long after its creation a task is kept (`ttlMs`).'),
  pollInterval: duration(1e3, 3600e6)
    .default('500ms')
    .describe('How often clients are told to ask for a task (`pollIntervalMs`).'),
  failed: share().default(0).describe('Share of the tasks that end `failed`, 0 to 1.'),
  toolErrors: share()
    .default(0)
    .describe('Share of the tasks that end `completed` with an error of the tool, 0 to 1.'),
  asks: share()
    .default(0)
    .describe('Share of the tasks that ask for input half-way (`input_required`), 0 to 1.'),
});

/** The settings for tasks in the profile. */
export function completeFleetTasks(tasks: z.output<typeof FleetTasks>): FleetTaskSettings {
  const { work, ttl, pollInterval, failed, toolErrors, asks } = tasks;
  return {
    work: completeWork(work),
    ttlMs: parseDuration(ttl)! / 1000,
    pollIntervalMs: parseDuration(pollInterval)! / 1000,
    failed,
    toolErrors,
    asks,
  };
}
