/** @module A tool whose call may become a task, as an ordinary tool of the built-in servers. */
import type { z } from 'zod';
import type { JsonObject } from '../../protocol/json-object.ts';
import { after } from '../../units/clock.ts';
import { ownerOf } from '../owner.ts';
import type { ToolAnswer, ToolRefusal, ToolRequest, ToolResult } from '../tool-answer.ts';
import type { Tool } from '../tools.ts';
import type { TaskBoard, TaskTimes } from './board.ts';
import { WITHOUT_STORE } from './methods.ts';
import { NEEDS_TASKS, takesTasks } from './opt-in.ts';
import { taskMembers } from './record.ts';
import type { Next, TaskSteps, TaskWork } from './work.ts';

/** A tool that works in the background. */
export interface TaskTool extends TaskSteps {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodObject;
  /** `optional`: a client that takes no tasks waits for the result. `required`: it is refused. */
  readonly support: 'optional' | 'required';
  /** Where its tasks differ from those of the others. */
  readonly times?: Partial<TaskTimes>;
  /** What a call with `input` is to do. A result or a refusal is the answer itself, without a task. */
  begin(input: JsonObject, request: ToolRequest): TaskWork | ToolResult | ToolRefusal;
}

/** `tool` with its tasks on `board`. */
export function asTool(tool: TaskTool, board: TaskBoard): Tool {
  const { name, description, schema } = tool;
  return {
    name,
    description,
    schema,
    async call(input, request): Promise<ToolAnswer> {
      const takes = takesTasks(request);
      if (!takes && tool.support === 'required') return NEEDS_TASKS;
      const work = tool.begin(input, request);
      if (isAnswer(work)) return work;
      if (!takes) return atOnce(tool, work);
      try {
        const record = await board.create(name, work, ownerOf(request.identity), tool.times);
        return { kind: 'result', members: { resultType: 'task', ...taskMembers(record) } };
      } catch {
        return WITHOUT_STORE;
      }
    },
  };
}

const isAnswer = (work: TaskWork | ToolResult | ToolRefusal): work is ToolResult | ToolRefusal =>
  !('workMs' in work);

/** The result, for a client that waits for it. It cannot be asked anything on the way. */
async function atOnce(tool: TaskTool, work: TaskWork): Promise<ToolAnswer> {
  await new Promise<void>((resolve) => after(work.workMs * 1000, resolve));
  return answerOf(tool.next(work, {}));
}

function answerOf(next: Next): ToolResult | ToolRefusal {
  switch (next.kind) {
    case 'ask':
      return NEEDS_TASKS;
    case 'completed':
      return { kind: 'result', members: next.result };
    case 'failed':
      return { kind: 'refused', code: next.code, message: next.message };
  }
}
