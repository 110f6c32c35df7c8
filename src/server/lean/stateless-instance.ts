/** @module The lean server of the stateless era: implements MCP 2026-07-28 with minimal work per request, so that the server is not the bottleneck. */
import type { Guard } from '../../guard/guard.ts';
import type { Served } from '../../process/serve.ts';
import { METHOD_NOT_FOUND } from '../../protocol/error-codes.ts';
import { isObject } from '../../protocol/json-object.ts';
import { systemClock } from '../../units/clock.ts';
import { openBaskets } from '../baskets.ts';
import type { InstanceInput, InstanceReady } from '../instance.ts';
import { guardOf } from '../instance-guard.ts';
import type { Caller } from '../queue.ts';
import { NEEDS_TASKS, takesTasks } from '../tasks/opt-in.ts';
import { watchedTasks } from '../tasks/watched.ts';
import type { Answers } from './answers.ts';
import type { EventStream, Handler } from './connection.ts';
import { type Answer, answerOffered, createDesk, type Desk, type LeanContext } from './desk.ts';
import { diagnose } from './diagnostics.ts';
import type { LeanHead } from './framing.ts';
import { answerMetadata, passGuard, type ReadRequest } from './gate.ts';
import { type LeanRequest, type Notified, type Refusal, readHead, refusal } from './message.ts';
import { statelessForm } from './results.ts';
import { type LeanServer, serveLean } from './serve.ts';
import { mirrorMistake, readStateless, STATELESS_METHODS } from './stateless-message.ts';
import { Subscriptions, type WatchedTasks } from './subscriptions.ts';

/** Starts an instance in this process. */
export async function statelessInstance(input: InstanceInput): Promise<Served<InstanceReady>> {
  const guard = await guardOf(input);
  const baskets = await openBaskets(input, guard);
  const subscriptions = new Subscriptions();
  const desk = createDesk(input, guard, {
    methods: STATELESS_METHODS,
    form: statelessForm(input.offer),
    added: baskets.tools,
    unlisted: (params) => diagnose(params, subscriptions),
  });
  const server: LeanServer = {
    handler: createHandler(desk, subscriptions),
    change(change) {
      if (desk.change(change) && change.notify) subscriptions.tell(change.what, change.uri);
    },
    async end() {
      await subscriptions.end();
      await baskets.close();
    },
  };
  return serveLean(server, guard);
}

function createHandler(desk: Desk, subscriptions: Subscriptions): Handler {
  const { answers, guard } = desk;
  return {
    refuse: ({ status, message }) =>
      answers.refusal(refusal(status, -32600, message), { startedUs: systemClock.now(), readUs: 0 }),
    answer(head, body, startedUs, caller) {
      const metadata = guard && answerMetadata(guard, answers, head, startedUs);
      if (metadata !== undefined) return metadata;
      const turnedAway = readHead(head, STATELESS_METHODS);
      const asked = turnedAway ?? readMirrored(head, readStateless(head, body), desk);
      const context = { startedUs, readUs: systemClock.now() - startedUs };
      if (guard === undefined || turnedAway !== undefined) {
        return serve(asked, context, desk, subscriptions, caller);
      }
      return serveChecked(guard, { head, asked, context, caller }, desk, subscriptions);
    },
  };
}

type Message = LeanRequest | Notified | Refusal;

/** `message`, or its refusal when its head does not repeat the arguments that the tool mirrors. */
function readMirrored(head: LeanHead, message: Message, { catalogue }: Desk): Message {
  const { mirrored } = catalogue;
  if (mirrored.size === 0 || message.kind !== 'request' || message.method !== 'tools/call') return message;
  const parameters = mirrored.get(message.params['name'] as string);
  return (parameters && mirrorMistake(head, message, parameters)) ?? message;
}

/** Apart from the handler: with a function in it, every request would allocate memory for what that uses, also without a guard. */
function serveChecked(
  guard: Guard,
  request: ReadRequest<Message>,
  desk: Desk,
  subscriptions: Subscriptions,
): ReturnType<Handler['answer']> {
  const { asked, caller } = request;
  return passGuard(guard, desk.answers, request, (checked) =>
    serve(asked, checked, desk, subscriptions, caller),
  );
}

function serve(
  message: Message,
  context: LeanContext,
  desk: Desk,
  subscriptions: Subscriptions,
  caller: Caller,
): Answer | EventStream | Promise<EventStream | string> {
  const { answers, catalogue } = desk;
  if (message.kind === 'refusal') return answers.refusal(message, context);
  if (message.kind === 'notification') return answers.empty(202, context);
  const { id, method } = message;
  switch (method) {
    case 'server/discover':
      return answers.result(id, catalogue.opening, context);
    case 'subscriptions/listen':
      return watchesTasks(message.params)
        ? subscribeToTasks(message, context, desk, subscriptions)
        : subscribe(message, answers, context, subscriptions);
    default:
      return (
        answerOffered(message, context, desk, caller) ??
        answers.refusal({ ...refusal(404, METHOD_NOT_FOUND, `Method not found: ${method}`), id }, context)
      );
  }
}

function subscribe(
  { id, params }: LeanRequest,
  answers: Answers,
  context: LeanContext,
  subscriptions: Subscriptions,
  tasks?: WatchedTasks,
): EventStream | string {
  const wrong = refusal(200, -32602, 'Invalid params: notifications must say what to be told of');
  return (
    subscriptions.stream(id, params, answers.stream(context), tasks) ??
    answers.refusal({ ...wrong, id }, context)
  );
}

const watchesTasks = ({ notifications }: LeanRequest['params']): boolean =>
  isObject(notifications) && notifications['taskIds'] !== undefined;

/** A stream that tells of tasks as well: of those that the caller owns. */
async function subscribeToTasks(
  message: LeanRequest,
  context: LeanContext,
  { answers, tasks }: Desk,
  subscriptions: Subscriptions,
): Promise<EventStream | string> {
  const { id, params } = message;
  const request = { params, identity: context.allowance?.identity };
  if (!takesTasks(request)) {
    const { code, message: text, data, status = 400 } = NEEDS_TASKS;
    return answers.refusal({ ...refusal(status, code, text), data, id }, context);
  }
  const watched = tasks && (await watchedTasks(tasks, request));
  return subscribe(message, answers, context, subscriptions, watched);
}
