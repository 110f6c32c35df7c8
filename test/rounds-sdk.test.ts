/** @module Our agents before a server of the official SDK that asks back, with the SDK's own `requestState`. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  acceptedContent,
  createMcpHandler,
  createRequestStateCodec,
  inputRequired,
  McpServer,
} from '@modelcontextprotocol/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { loadDriver } from '../src/driver/drivers.ts';
import { createAgents } from '../src/generator/agent/agents.ts';
import type { CallEnd } from '../src/generator/agent/caller.ts';
import type { AnswerSettings } from '../src/profile/settings.ts';
import { INPUT_KINDS, inputCapabilities } from '../src/protocol/rounds/input-answer.ts';
import { systemClock } from '../src/units/clock.ts';

const SETTINGS: AnswerSettings = { kinds: INPUT_KINDS, rounds: 5, thinkUs: 0, roots: [], text: 'Yes.' };

const codec = createRequestStateCodec<{ step: number }>({ key: Buffer.alloc(32, 7), ttlSeconds: 60 });
let server: Server;
let url = '';

function sdkServer(): McpServer {
  const mcp = new McpServer({ name: 'test', version: '1' }, { requestState: { verify: codec.verify } });
  mcp.registerTool('twice', { inputSchema: z.object({ env: z.string() }) }, async ({ env }, context) => {
    const state = context.mcpReq.requestState() as { step: number } | undefined;
    const step = state?.step ?? 0;
    const answered = acceptedContent<{ name: string }>(context.mcpReq.inputResponses, `step${step}`);
    if (step === 2) return { content: [{ type: 'text', text: `${env} ${answered?.name}` }] };
    return inputRequired({
      inputRequests: {
        [`step${step + 1}`]: inputRequired.elicit({
          message: 'Who?',
          requestedSchema: { type: 'object', properties: { name: { type: 'string', default: 'Ann' } } },
        }),
      },
      requestState: await codec.mint({ step: step + 1 }),
    });
  });
  return mcp;
}

beforeAll(async () => {
  const handle = toNodeHandler(createMcpHandler(() => sdkServer()));
  server = createServer((request, response) => void handle(request as never, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
});

afterAll(() => server.close());

it('answers the official SDK, whose state comes back as it was sealed', async () => {
  const create = await loadDriver('wire');
  const driver = create({
    url,
    connections: 1,
    timeoutUs: 20e6,
    checkIds: true,
    clock: systemClock,
    instanceHeader: 'x-served-by',
    tls: { insecure: false },
  });
  const agents = createAgents({
    era: 'stateless',
    calls: [{ name: 'twice', method: 'tools/call', tool: 'twice', arguments: { env: 'é' }, weight: 1 }],
    seed: 1,
    driver,
    headers: {},
    now: () => systemClock.now(),
    measureFromUs: 0,
    timeoutUs: 20e6,
    answers: SETTINGS,
    capabilities: inputCapabilities(INPUT_KINDS),
  });
  const end = await new Promise<CallEnd>((resolve) => {
    agents.of(0).call({ seq: 0, dueUs: 0, agent: 0, call: 0 }, (valid) => resolve({ ...valid }));
  });
  await driver.close();
  expect({ outcome: end.outcome, detail: end.detail }).toEqual({ outcome: 'ok', detail: undefined });
  expect(JSON.parse(end.body ?? '')).toMatchObject({ result: { content: [{ text: 'é Ann' }] } });
});
