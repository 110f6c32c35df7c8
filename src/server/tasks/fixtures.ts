/** @module The tools by which the official conformance suite tests the tasks of a server. Source: its scenarios `tasks-*`. */
import { z } from 'zod';
import { isObject, type JsonObject } from '../../protocol/json-object.ts';
import { capabilitiesOf, type ToolRefusal, type ToolRequest, type ToolResult } from '../tool-answer.ts';
import type { Tool } from '../tools.ts';
import type { TaskTimes } from './board.ts';
import type { TaskTool } from './tool.ts';
import { textResult } from './work.ts';

/** A tool that never makes a task. */
export const greet: Tool = {
  name: 'greet',
  description: 'Greets by name.',
  schema: z.object({ name: z.string() }),
  call: (input) => `Hello, ${input['name']}!`,
};

const TIMES: TaskTimes = { ttlMs: 300_000, pollIntervalMs: 100 };

const slowCompute: TaskTool = {
  name: 'slow_compute',
  description: 'Takes as many seconds as it is told to.',
  schema: z.object({ seconds: z.number().min(0).max(3600), label: z.string().optional() }),
  support: 'optional',
  times: TIMES,
  begin: ({ seconds, label }) => ({ workMs: Number(seconds) * 1000, label }),
  next: ({ label }) => ({ kind: 'completed', result: textResult(`computed ${label ?? 'it'}`) }),
};

const failingJob: TaskTool = {
  name: 'failing_job',
  description: 'Fails after a second.',
  schema: z.object({}),
  support: 'required',
  times: TIMES,
  begin: () => ({ workMs: 1000 }),
  next: () => ({ kind: 'completed', result: textResult('the job has failed', true) }),
};

const protocolErrorJob: TaskTool = {
  name: 'protocol_error_job',
  description: 'Cannot be carried out.',
  schema: z.object({}),
  support: 'required',
  times: TIMES,
  begin: () => ({ workMs: 100 }),
  next: () => ({ kind: 'failed', code: -32603, message: 'Internal error: the job cannot be carried out' }),
};

const confirmDelete: TaskTool = {
  name: 'confirm_delete',
  description: 'Asks whether to delete.',
  schema: z.object({ filename: z.string() }),
  support: 'required',
  times: TIMES,
  begin: ({ filename }) => ({ workMs: 10, filename }),
  next({ filename }, { confirm }) {
    if (confirm === undefined) {
      return {
        kind: 'ask',
        requests: { confirm: form(`Delete ${filename}?`, { confirm: { type: 'boolean' } }) },
      };
    }
    const isConfirmed = contentOf(confirm)['confirm'] === true;
    return { kind: 'completed', result: textResult(`${isConfirmed ? 'deleted' : 'kept'} ${filename}`) };
  },
};

const multiInput: TaskTool = {
  name: 'multi_input',
  description: 'Asks two things at once.',
  schema: z.object({}),
  support: 'required',
  times: TIMES,
  begin: () => ({ workMs: 10 }),
  next(_, { name, confirm }) {
    if (name !== undefined && confirm !== undefined)
      return { kind: 'completed', result: textResult('both answered') };
    const requests = {
      name: form('Your name?', { name: { type: 'string' } }),
      confirm: form('Go on?', { confirm: { type: 'boolean' } }),
    };
    return { kind: 'ask', requests };
  },
};

/** Asks on the call itself, before there is a task. */
const askingFirst: TaskTool = {
  name: 'test_tool_with_task',
  description: 'Asks for a name, then works.',
  schema: z.object({}),
  support: 'required',
  times: TIMES,
  begin: (_, request) => {
    const answer = responsesOf(request)['user_name'];
    if (answer === undefined && capabilitiesOf(request)['elicitation'] === undefined)
      return NEEDS_ELICITATION;
    return answer === undefined ? ASK_NAME : { workMs: 100, name: contentOf(answer)['name'] };
  },
  next: ({ name }) => ({ kind: 'completed', result: textResult(`done for ${name}`) }),
};

/** Those that make tasks. */
export const TASK_FIXTURES: readonly TaskTool[] = [
  slowCompute,
  failingJob,
  protocolErrorJob,
  confirmDelete,
  multiInput,
  askingFirst,
];

function form(message: string, properties: JsonObject): JsonObject {
  const requestedSchema = { type: 'object', properties, required: Object.keys(properties) };
  return { method: 'elicitation/create', params: { mode: 'form', message, requestedSchema } };
}

const NEEDS_ELICITATION: ToolRefusal = {
  kind: 'refused',
  code: -32021,
  message: 'Missing required client capability: elicitation',
  data: { requiredCapabilities: { elicitation: {} } },
  status: 400,
};

const ASK_NAME: ToolResult = {
  kind: 'result',
  members: {
    resultType: 'input_required',
    inputRequests: { user_name: form('Your name?', { name: { type: 'string' } }) },
  },
};

function responsesOf({ params: { inputResponses } }: ToolRequest): JsonObject {
  return isObject(inputResponses) ? inputResponses : {};
}

/** What was filled into a form. */
function contentOf(response: unknown): JsonObject {
  const content = isObject(response) ? response['content'] : undefined;
  return isObject(content) ? content : {};
}
