/** @module An instance of our own: MCP 2026-07-28 in as little work as correctness allows, for measuring what is not the server. */
import { createServer, type Socket } from 'node:net';
import { z } from 'zod';
import { type Served, serveParent } from '../../process/serve.ts';
import { systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { createDelay, type Delay } from '../delay.ts';
import { type InstanceInput, type InstanceReady, listen } from '../instance.ts';
import { type Tool, toolSet } from '../tools.ts';
import { type Answers, createAnswers, createResults, type Results, type Stages } from './answers.ts';
import { type Handler, serveConnection } from './connection.ts';
import { diagnose } from './diagnostics.ts';
import { isObject, type Message, readMessage, refusal } from './message.ts';

serveParent(async (input: InstanceInput): Promise<Served<InstanceReady>> => {
  const delay = createDelay();
  const handler = delayed(createHandler(input), delay);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveConnection(socket, handler);
  });
  return {
    ready: { port: await listen(server) },
    ask: (message) => delay.ask(message),
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
});

/** `handler`, whose answers wait for `delay`. */
function delayed(handler: Handler, delay: Delay): Handler {
  return {
    ...handler,
    answer(head, body, startedUs) {
      const waited = delay.wait();
      if (waited === undefined) return handler.answer(head, body, startedUs);
      return waited.then(() => handler.answer(head, body, startedUs));
    },
  };
}

function createHandler(input: InstanceInput): Handler {
  const tools = toolSet(input.tools, input.seed, input.index);
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const answers = createAnswers(input.id);
  const results = createResults(input, tools);
  return {
    refuse: ({ status, message }) => answers.refusal(refusal(status, -32600, message), now()),
    answer(head, body, startedUs) {
      const message = readMessage(head, body);
      const stages = { startedUs, readUs: systemClock.now() };
      if (message.kind === 'refusal') return answers.refusal(message, stages);
      if (message.kind === 'notification') return answers.empty(202, stages);
      return dispatch(message, stages, { byName, answers, results });
    },
  };
}

interface Offer {
  readonly byName: ReadonlyMap<string, Tool>;
  readonly answers: Answers;
  readonly results: Results;
}

function dispatch(message: Message, stages: Stages, offer: Offer): string | Promise<string> {
  const { answers, results } = offer;
  switch (message.method) {
    case 'tools/call':
      return callTool(message, stages, offer);
    case 'tools/list':
      // The list is one page: no cursor was ever given out.
      if (message.params['cursor'] === undefined)
        return answers.result(message.id, results.toolsList, stages);
      return answers.refusal(
        { ...refusal(200, -32602, 'Invalid params: unknown cursor'), id: message.id },
        stages,
      );
    case 'server/discover':
      return answers.result(message.id, results.discover, stages);
    default:
      return answers.refusal(
        { ...refusal(404, -32601, `Method not found: ${message.method}`), id: message.id },
        stages,
      );
  }
}

function callTool({ id, params }: Message, stages: Stages, offer: Offer): string | Promise<string> {
  const { answers, results } = offer;
  const tool = offer.byName.get(params['name'] as string);
  if (tool === undefined) {
    const diagnosed = diagnose(params);
    if (typeof diagnosed === 'string') return answers.result(id, diagnosed, stages);
    if (diagnosed !== undefined) return answers.refusal({ ...diagnosed, id }, stages);
    const unknown = refusal(200, -32602, `Invalid params: unknown tool ${JSON.stringify(params['name'])}`);
    return answers.refusal({ ...unknown, id }, stages);
  }
  const finish = (text: string, isError: boolean): string =>
    answers.result(id, results.text(text, isError), { ...stages, toolUs: systemClock.now() });
  const given = params['arguments'] ?? {};
  const checked = isObject(given) ? tool.schema.safeParse(given) : undefined;
  if (checked?.success !== true) {
    const why = checked === undefined ? 'arguments must be an object' : z.prettifyError(checked.error);
    return finish(`Invalid arguments for tool ${tool.name}: ${why}`, true);
  }
  const said = tool.call(checked.data);
  return typeof said === 'string' ? finish(said, false) : said.then((text) => finish(text, false));
}

function now(): Stages {
  const us: Micros = systemClock.now();
  return { startedUs: us, readUs: us };
}
