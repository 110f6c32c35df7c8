/** @module What the official client of the extension does with the tasks of every built-in server of the stateless era. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import {
  createApplicationInputHandler,
  createTaskSessionFromClient,
  type RawClientDispatch,
  type TaskEnabledSession,
} from '@modelcontextprotocol/ext-tasks/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeOffer } from '../../profile/section/offer.ts';
import { read, TOOLS, useInstance } from '../ask.case.ts';
import type { OwnServer } from '../programs.ts';

const VERSION = '2026-07-28';
const CLIENT = { name: 'test', version: '1' };
const CAPABILITIES = { elicitation: { form: {} } };
const OFFER = { ...completeOffer(TOOLS), conformance: true } as const;

/** The request as a host of the client sends it: the SDK's own client does not know tasks. */
const dispatchTo =
  (url: () => string): RawClientDispatch =>
  async (request, { signal } = {}) => {
    const { method, params } = request as { method: string; params: { name?: string; taskId?: string } };
    const { message } = await read(
      await fetch(url(), {
        method: 'POST',
        headers: {
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
          'mcp-protocol-version': VERSION,
          'mcp-method': method,
          'mcp-name': params.name ?? params.taskId ?? '',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
        signal: signal ?? null,
      }),
    );
    return message.error === undefined
      ? { kind: 'result', result: message.result }
      : { kind: 'error', error: message.error };
  };

/** The suite. */
export function officialClientCases(settings: OwnServer): void {
  const instance = useInstance(settings, TOOLS, undefined, OFFER);
  const client = new Client(CLIENT, {
    capabilities: CAPABILITIES,
    versionNegotiation: { mode: { pin: VERSION } },
  } as never);
  /** What the client was asked on behalf of tasks. */
  const asked: (string | undefined)[] = [];
  const errors: Error[] = [];
  let session: TaskEnabledSession;
  /** Begun before the other tests, because the second one takes a second. */
  let failing: Awaited<ReturnType<TaskEnabledSession['callTool']>>;
  let faulty: typeof failing;

  describe('tasks, driven by the official client', () => {
    beforeAll(async () => {
      await client.connect(new StreamableHTTPClientTransport(new URL(instance.url)));
      session = createTaskSessionFromClient(client, {
        endpointId: 'test',
        rawDispatch: dispatchTo(() => instance.url),
        v2RequestFraming: {
          protocolVersion: VERSION,
          clientInfo: CLIENT,
          clientCapabilities: CAPABILITIES,
        },
        onInputRequest: createApplicationInputHandler({
          elicitation(_, { inputId }) {
            asked.push(inputId);
            return { action: 'accept', content: { confirm: true } };
          },
          sampling: () => Promise.reject(new Error('not asked')),
          roots: () => ({ roots: [] }),
        }),
        onError: (error) => errors.push(error),
      });
      failing = await session.callTool('protocol_error_job', {});
      faulty = await session.callTool('failing_job', {});
    });
    afterAll(async () => {
      await session.close();
      await client.close();
    });

    it('can be called, cancelled and answered, and not listed', () => {
      expect(session.capabilities).toMatchObject({
        execution: true,
        cancellation: true,
        inputResponses: true,
      });
      expect(session.capabilities.inventory).not.toBe('server-list');
    });

    it('are polled to their result', async () => {
      const execution = await session.callTool('slow_compute', { seconds: 0, label: 'it all' });
      expect(execution.kind).toBe('task');
      const states: string[] = [];
      const { outcome } = await execution.settle({
        onEvent: (event) => void (event.type === 'task' && states.push(event.task.status)),
      });
      expect(outcome).toMatchObject({
        status: 'completed',
        result: { content: [{ type: 'text', text: 'computed it all' }] },
      });
      expect(states.at(-1)).toBe('completed');
    });

    it('are given what they ask for', async () => {
      const execution = await session.callTool('confirm_delete', { filename: 'a.txt' });
      const { outcome } = await execution.settle();
      expect(outcome).toMatchObject({
        status: 'completed',
        result: { content: [{ text: 'deleted a.txt' }] },
      });
      expect(asked).toEqual(['confirm']);
    });

    it('are cancelled, also by an id that the client was given', async () => {
      const execution = await session.callTool('slow_compute', { seconds: 600 });
      if (execution.kind !== 'task') throw new Error('no task');
      const controller = session.task(execution.handle.taskId);
      expect(await controller.snapshot()).toMatchObject({
        status: 'working',
        retentionMs: 300_000,
        suggestedPollIntervalMs: 100,
      });
      await controller.cancel();
      expect(await execution.result()).toMatchObject({ status: 'cancelled' });
      expect((await controller.snapshot()).status).toBe('cancelled');
    });

    it('are answered by hand, and taken up again from a reference', async () => {
      const execution = await session.callTool('slow_compute', { seconds: 0 });
      if (execution.kind !== 'task') throw new Error('no task');
      const reference = execution.serializeReference();
      await execution.close();
      await session.task(reference.taskId).update({});
      const resumed = await session.resumeTask(reference);
      expect(await resumed.result()).toMatchObject({ status: 'completed' });
    });

    it('give results at once where the tool makes no task', async () => {
      const execution = await session.callTool('greet', { name: 'Ada' });
      expect(execution.kind).toBe('immediate');
      expect(await execution.result()).toMatchObject({ result: { content: [{ text: 'Hello, Ada!' }] } });
    });

    it('fail with the error of the server, or complete with that of the tool', async () => {
      expect(await failing.result()).toMatchObject({ status: 'failed', error: { code: -32603 } });
      expect(await faulty.result()).toMatchObject({ status: 'completed', result: { isError: true } });
    });

    it('leave nothing that the client complains of', () => {
      expect(errors).toEqual([]);
    });
  });
}
