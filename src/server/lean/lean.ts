/** @module The lean server: implements MCP 2026-07-28 with minimal work per request, so that the server is not the bottleneck. */
import { createServer, type Socket } from 'node:net';
import { z } from 'zod';
import { type Served, serveParent } from '../../process/serve.ts';
import { systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { createInjectedDelay, type InjectedDelay } from '../injected-delay.ts';
import { type InstanceInput, type InstanceReady, listen } from '../instance.ts';
import type { Caller } from '../queue.ts';
import type { Timing } from '../server-timing.ts';
import { type Tool, type ToolSet, toolSet } from '../tools.ts';
import { type Answers, createAnswers, createResults, type Results } from './answers.ts';
import { type Handler, serveConnection } from './connection.ts';
import { diagnose } from './diagnostics.ts';
import { isObject, type LeanRequest, readMessage, refusal } from './message.ts';

serveParent(async (input: InstanceInput): Promise<Served<InstanceReady>> => {
  const delay = createInjectedDelay();
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
function delayed(handler: Handler, delay: InjectedDelay): Handler {
  return {
    ...handler,
    answer(head, body, startedUs, caller) {
      const waited = delay.wait();
      if (waited === undefined) return handler.answer(head, body, startedUs, caller);
      return waited.then(() => handler.answer(head, body, startedUs, caller));
    },
  };
}

/** What the handling of every request needs. */
interface Desk extends ToolSet {
  readonly byName: ReadonlyMap<string, Tool>;
  readonly answers: Answers;
  readonly results: Results;
}

function createHandler(input: InstanceInput): Handler {
  const offered = toolSet(input.tools, input.seed, input.index);
  const byName = new Map(offered.tools.map((tool) => [tool.name, tool]));
  const answers = createAnswers(input.id);
  const desk: Desk = { ...offered, byName, answers, results: createResults(input, offered.tools) };
  return {
    refuse: ({ status, message }) =>
      answers.refusal(refusal(status, -32600, message), { startedUs: systemClock.now(), readUs: 0 }),
    answer(head, body, startedUs, caller) {
      const message = readMessage(head, body);
      const timing = { startedUs, readUs: systemClock.now() - startedUs };
      if (message.kind === 'refusal') return answers.refusal(message, timing);
      if (message.kind === 'notification') return answers.empty(202, timing);
      return dispatch(message, timing, desk, caller);
    },
  };
}

/** `queueUs` is there once the request has had to take a slot. */
interface LeanTiming extends Timing {
  readonly readUs: Micros;
}

type Answer = string | Promise<string>;

function dispatch(message: LeanRequest, timing: LeanTiming, desk: Desk, caller: Caller): Answer {
  const { answers, results } = desk;
  switch (message.method) {
    case 'tools/call':
      return inSlot(desk, caller, timing, (inTime) => callTool(message, inTime, desk));
    case 'tools/list':
      return inSlot(desk, caller, timing, (inTime) => listTools(message, inTime, desk));
    case 'server/discover':
      return answers.result(message.id, results.discover, timing);
    default:
      return answers.refusal(
        { ...refusal(404, -32601, `Method not found: ${message.method}`), id: message.id },
        timing,
      );
  }
}

/** Does `work` at once, or in a slot where these are limited. */
function inSlot(
  { queue }: Desk,
  caller: Caller,
  timing: LeanTiming,
  work: (timing: LeanTiming) => Answer,
): Answer {
  if (queue === undefined) return work(timing);
  const enteredUs = systemClock.now();
  const answered = queue.run(caller, () => work({ ...timing, queueUs: systemClock.now() - enteredUs }));
  // Without an answer the caller has disconnected, and nothing is written.
  return answered.then((answer = '') => answer);
}

function listTools({ id, params }: LeanRequest, timing: LeanTiming, desk: Desk): Answer {
  const { answers, results, takeListTime } = desk;
  // The list is a single page, so no cursor was ever issued.
  if (params['cursor'] !== undefined) {
    return answers.refusal({ ...refusal(200, -32602, 'Invalid params: unknown cursor'), id }, timing);
  }
  const answer = (): string => answers.result(id, results.toolsList, timing);
  return takeListTime === undefined ? answer() : takeListTime().then(answer);
}

function callTool({ id, params }: LeanRequest, timing: LeanTiming, desk: Desk): Answer {
  const { answers, results } = desk;
  const tool = desk.byName.get(params['name'] as string);
  if (tool === undefined) {
    const diagnosed = diagnose(params);
    if (typeof diagnosed === 'string') return answers.result(id, diagnosed, timing);
    if (diagnosed !== undefined) return answers.refusal({ ...diagnosed, id }, timing);
    const unknown = refusal(200, -32602, `Invalid params: unknown tool ${JSON.stringify(params['name'])}`);
    return answers.refusal({ ...unknown, id }, timing);
  }
  const { startedUs, readUs, queueUs = 0 } = timing;
  const finish = (text: string, isError: boolean): string => {
    const toolUs = systemClock.now() - startedUs - readUs - queueUs;
    return answers.result(id, results.text(text, isError), { ...timing, toolUs });
  };
  const given = params['arguments'] ?? {};
  const checked = isObject(given) ? tool.schema.safeParse(given) : undefined;
  if (checked?.success !== true) {
    const why = checked === undefined ? 'arguments must be an object' : z.prettifyError(checked.error);
    return finish(`Invalid arguments for tool ${tool.name}: ${why}`, true);
  }
  const said = tool.call(checked.data);
  return typeof said === 'string' ? finish(said, false) : said.then((text) => finish(text, false));
}
