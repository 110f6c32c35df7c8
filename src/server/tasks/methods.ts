/** @module The methods of the extension: `tasks/get`, `tasks/update`, `tasks/cancel`. Source: MCP Tasks, 2026-07-28. */
import { isObject, type JsonObject } from '../../protocol/json-object.ts';
import { ownerOf } from '../owner.ts';
import type { OfferedMethod, ToolRefusal, ToolRequest, ToolResult } from '../tool-answer.ts';
import type { TaskBoard } from './board.ts';
import { NEEDS_TASKS, takesTasks } from './opt-in.ts';
import { detailMembers } from './record.ts';

/** Ids of our own are shorter; a longer one is that of no task. */
const LONGEST_ID = 200;

/** The methods by their names. */
export function taskMethods(board: TaskBoard): Readonly<Record<string, OfferedMethod>> {
  return {
    'tasks/get': forTask(async (taskId, owner) => {
      const record = await board.get(taskId, owner);
      return record && detailMembers(record);
    }),
    'tasks/update': forTask(async (taskId, owner, { inputResponses }) =>
      (await board.update(taskId, owner, isObject(inputResponses) ? inputResponses : {})) ? {} : undefined,
    ),
    'tasks/cancel': forTask(async (taskId, owner) => ((await board.cancel(taskId, owner)) ? {} : undefined)),
  };
}

/** The refusal of a request that needs the store of the tasks while that cannot be reached. */
export const WITHOUT_STORE: ToolRefusal = {
  kind: 'refused',
  code: -32603,
  message: 'Internal error: the store of the tasks cannot be reached',
};

type Answer = (taskId: string, owner: string, params: JsonObject) => Promise<JsonObject | undefined>;

/** Answers with the members that `answer` gives. A task that has never been, is over, or is somebody else's is refused alike. */
function forTask(answer: Answer): OfferedMethod {
  return async (request: ToolRequest): Promise<ToolResult | ToolRefusal> => {
    if (!takesTasks(request)) return NEEDS_TASKS;
    const { params, identity } = request;
    const { taskId } = params;
    if (typeof taskId !== 'string') return unknown('taskId must be a string');
    try {
      const members =
        taskId.length > LONGEST_ID ? undefined : await answer(taskId, ownerOf(identity), params);
      return members === undefined
        ? unknown('unknown task')
        : { kind: 'result', members: { resultType: 'complete', ...members } };
    } catch {
      return WITHOUT_STORE;
    }
  };
}

const unknown = (what: string): ToolRefusal => ({
  kind: 'refused',
  code: -32602,
  message: `Invalid params: ${what}`,
});
