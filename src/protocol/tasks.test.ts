import { describe, expect, it } from 'vitest';
import { isoTime, taskInAnswer, taskInNotification, timeOf } from './tasks.ts';

const TASK = {
  taskId: 'a',
  status: 'completed',
  createdAt: '2026-11-25T10:30:00Z',
  lastUpdatedAt: '2026-11-25T10:30:01.500250Z',
  ttlMs: null,
  result: { isError: true },
};
const answer = (result: unknown): string => JSON.stringify({ jsonrpc: '2.0', id: 1, result });

describe('a task on the wire', () => {
  it('is read from an answer and from a notification', () => {
    const task = taskInAnswer(answer(TASK));
    expect(task).toMatchObject({
      taskId: 'a',
      status: 'completed',
      ttlMs: undefined,
      result: { isError: true },
    });
    expect(task!.lastUpdatedAtMs! - task!.createdAtMs!).toBeCloseTo(1500.25, 2);
    const told = { jsonrpc: '2.0', method: 'notifications/tasks', params: { ...TASK, ttlMs: 5 } };
    expect(taskInNotification(JSON.stringify(told))).toMatchObject({ taskId: 'a', ttlMs: 5 });
    expect(taskInNotification(answer(TASK))).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['no id', { ...TASK, taskId: 1 }],
    ['an unknown status', { ...TASK, status: 'done' }],
    ['no ttlMs', { ...TASK, ttlMs: undefined }],
    ['a nested task', { task: TASK }],
    ['no object', 'a'],
  ])('is none with %s', (_, result) => {
    expect(taskInAnswer(answer(result))).toBeUndefined();
  });

  it('has times to the microsecond', () => {
    const ms = Date.UTC(2026, 10, 25, 10, 30) + 0.125;
    expect(isoTime(ms)).toBe('2026-11-25T10:30:00.000125Z');
    expect(timeOf(isoTime(ms))).toBeCloseTo(ms, 3);
    expect(timeOf('soon')).toBeUndefined();
  });
});
