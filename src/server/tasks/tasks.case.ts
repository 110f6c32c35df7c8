/** @module What every built-in server of the stateless era must do about tasks, checked with the schemas of the official extension. */
import {
  CancelTaskResultV2Schema,
  CreateTaskResultV2Schema,
  GetTaskResultV2Schema,
  TaskStatusNotificationV2Schema,
  UpdateTaskResultV2Schema,
} from '@modelcontextprotocol/ext-tasks/core/v2';
import { beforeAll, describe, expect, it } from 'vitest';
import { SERVERS } from '../../profile/kinds.ts';
import { completeOffer } from '../../profile/section/offer.ts';
import { type Answered, read, TOOLS, useInstance } from '../ask.case.ts';
import type { OwnServer } from '../programs.ts';
import { listen } from '../subscriptions.case.ts';

const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  [CAPABILITIES]: {
    elicitation: {},
    extensions: { 'io.modelcontextprotocol/tasks': {} },
  },
};
const BARE = { ...META, [CAPABILITIES]: {} };

const OFFER = { ...completeOffer(TOOLS), conformance: true } as const;

/** What `settings` must do. */
export function taskCases(settings: OwnServer): void {
  const instance = useInstance(settings, TOOLS, undefined, OFFER, undefined, {
    tasks: {
      work: { kind: 'constant', us: 1000 },
      ttlMs: 60_000,
      pollIntervalMs: 20,
      failed: 0,
      toolErrors: 0,
      asks: 1,
    },
  });
  const ask = async (
    method: string,
    params: Record<string, unknown>,
    meta: object = META,
    name?: string,
  ): Promise<Answered> => {
    const headers = {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      'mcp-name': name ?? String(params['name'] ?? params['taskId'] ?? ''),
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } });
    return read(await fetch(instance.url, { method: 'POST', headers, body }));
  };
  const create = async (name: string, args = {}): Promise<string> => {
    const { message } = await ask('tools/call', { name, arguments: args });
    return CreateTaskResultV2Schema.parse(message.result).taskId;
  };
  const get = async (taskId: string) => {
    const { message } = await ask('tasks/get', { taskId });
    return { ...GetTaskResultV2Schema.parse(message.result), raw: message.result };
  };
  /** Asks as often as is needed, without a bound on the time. */
  const until = async (taskId: string, status: string) => {
    for (;;) {
      const task = await get(taskId);
      if (task.status === status) return task;
      expect(['working', 'input_required']).toContain(task.status);
    }
  };

  describe('tasks', () => {
    /** Begun before the other tests, because the second one takes a second. */
    let [failed, faulty] = ['', ''];
    beforeAll(async () => {
      failed = await create('protocol_error_job');
      faulty = await create('failing_job');
    });

    it('are declared by the server', async () => {
      const { message } = await ask('server/discover', {});
      expect(message.result.capabilities.extensions).toMatchObject({ 'io.modelcontextprotocol/tasks': {} });
    });

    it('ask for input, take it once, and end with the result', async () => {
      const taskId = await create('slow_report');
      const asking = await until(taskId, 'input_required');
      expect(Object.keys(asking.raw.inputRequests)).toEqual(['format']);
      const answer = { format: { action: 'accept', content: { format: 'short' } } };
      const given = await ask('tasks/update', { taskId, inputResponses: { ...answer, other: {} } });
      UpdateTaskResultV2Schema.parse(given.message.result);
      const { raw } = await until(taskId, 'completed');
      expect(raw.result.content[0].text).toBe('a report');
      expect(raw).not.toHaveProperty('inputRequests');
    });

    it('take some answers and wait for the others', async () => {
      const taskId = await create('multi_input');
      await until(taskId, 'input_required');
      await ask('tasks/update', {
        taskId,
        inputResponses: { name: { action: 'accept', content: { name: 'a' } } },
      });
      const half = await get(taskId);
      expect(half.status).toBe('input_required');
      expect(Object.keys(half.raw.inputRequests)).toEqual(['confirm']);
      await ask('tasks/update', { taskId, inputResponses: { confirm: { action: 'decline' } } });
      await until(taskId, 'completed');
    });

    it('are cancelled, and never change after that', async () => {
      const taskId = await create('slow_compute', { seconds: 60 });
      for (const _ of [1, 2]) {
        CancelTaskResultV2Schema.parse((await ask('tasks/cancel', { taskId })).message.result);
        expect((await get(taskId)).status).toBe('cancelled');
      }
      const before = await get(taskId);
      await ask('tasks/update', { taskId, inputResponses: { a: {} } });
      expect(await get(taskId)).toEqual(before);
    });

    it.each(['tasks/get', 'tasks/update', 'tasks/cancel'])(
      'refuses %s for an unknown task',
      async (method) => {
        for (const taskId of ['no-such-task', 'x'.repeat(5000)]) {
          const { message } = await ask(method, { taskId, inputResponses: {} });
          expect(message.error.code).toBe(-32602);
        }
      },
    );

    it.each(['tasks/get', 'tasks/update', 'tasks/cancel'])(
      'refuses %s by a client that takes none',
      async (method) => {
        const { status, message } = await ask(method, { taskId: 'a' }, BARE);
        expect(message.error).toMatchObject({
          code: -32021,
          data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
        });
        expect(status).toBe(400);
      },
    );

    it('are not made for a client that takes none: it waits, or is refused', async () => {
      const waited = await ask('tools/call', { name: 'slow_compute', arguments: { seconds: 0 } }, BARE);
      expect(waited.message.result).toMatchObject({
        resultType: 'complete',
        content: [{ text: 'computed it' }],
      });
      const refused = await ask('tools/call', { name: 'failing_job', arguments: {} }, BARE);
      expect([refused.status, refused.message.error.code]).toEqual([400, -32021]);
    });

    it('are told of on a stream, where the server has streams that do', async () => {
      const taskId = await create('slow_compute', { seconds: 60 });
      const asked = { taskIds: [taskId, 'no-such-task'] };
      const stream = await listen(instance.url, asked, 7, META[CAPABILITIES]);
      const tells = SERVERS[settings.server].tellsOfTasks === 'yes';
      const { params } = await stream.next();
      expect(params.notifications).toEqual(tells ? { taskIds: [taskId] } : {});
      if (!tells) return;
      await ask('tasks/cancel', { taskId });
      const told = await stream.next();
      TaskStatusNotificationV2Schema.parse(told);
      expect(told.params).toMatchObject({ taskId, status: 'cancelled' });
      expect(told.params._meta).toEqual({ 'io.modelcontextprotocol/subscriptionId': 7 });
    });

    it.each(['tasks/list', 'tasks/result'])('knows no %s', async (method) => {
      expect((await ask(method, { taskId: 'a' })).message.error.code).toBe(-32601);
    });

    it('needs the id of the task in Mcp-Name', async () => {
      const taskId = await create('slow_compute', { seconds: 60 });
      const { status, message } = await ask('tasks/get', { taskId }, META, 'another');
      expect([status, message.error.code]).toEqual([400, -32020]);
    });

    it('begin after the questions of the call itself', async () => {
      const call = { name: 'test_tool_with_task', arguments: {} };
      const first = await ask('tools/call', call);
      expect(first.message.result.resultType).toBe('input_required');
      const inputResponses = { user_name: { action: 'accept', content: { name: 'Ada' } } };
      const second = await ask('tools/call', { ...call, inputResponses });
      const { taskId } = CreateTaskResultV2Schema.parse(second.message.result);
      expect((await until(taskId, 'completed')).raw.result.content[0].text).toBe('done for Ada');
    });

    it('end failed with an error, and completed with an error of the tool', async () => {
      expect((await until(failed, 'failed')).raw.error).toMatchObject({ code: -32603 });
      expect((await until(faulty, 'completed')).raw.result.isError).toBe(true);
    });
  });
}
