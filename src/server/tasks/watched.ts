/** @module The tasks that a client wants to be told of. Source: MCP Tasks, 2026-07-28, Notifications. */
import { isObject, type JsonObject } from '../../protocol/json-object.ts';
import { ownerOf } from '../owner.ts';
import type { ToolRequest } from '../tool-answer.ts';
import type { TaskBoard } from './board.ts';
import { detailMembers, type TaskRecord } from './record.ts';

/** Tasks and how to watch them. */
interface Watched {
  readonly ids: readonly string[];
  begin(tell: (params: JsonObject) => void): () => void;
}

/** Those tasks that `request` names and that its caller owns: none while the store cannot be reached. */
export async function watchedTasks(board: TaskBoard, { params, identity }: ToolRequest): Promise<Watched> {
  const { notifications } = params;
  const asked = isObject(notifications) ? notifications['taskIds'] : undefined;
  const ids = Array.isArray(asked) ? asked.filter((id): id is string => typeof id === 'string') : [];
  const owner = ownerOf(identity);
  const found = await Promise.all(ids.map((id) => board.get(id, owner))).catch((): undefined[] => []);
  const records = found.flatMap((record: TaskRecord | undefined) => record ?? []);
  return {
    ids: records.map(({ taskId }) => taskId),
    begin(tell) {
      const leaves = records.map((record) => board.watch(record, (next) => tell(detailMembers(next))));
      return () => {
        for (const leave of leaves) leave();
      };
    },
  };
}
