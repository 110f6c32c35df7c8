/** @module What an instance offers of tasks: what is offered in addition, and the board that it works on. */
import { TASKS_CAPABILITY } from '../../protocol/tasks.ts';
import { MemoryStore } from '../../state/memory-store.ts';
import { openStore } from '../../state/open-store.ts';
import type { Store } from '../../state/store.ts';
import type { InstanceInput } from '../instance.ts';
import { type Fixtures, NO_FIXTURES } from '../offer/conformance/fixtures.ts';
import { TaskBoard, type TaskTimes } from './board.ts';
import { greet, TASK_FIXTURES } from './fixtures.ts';
import { taskMethods } from './methods.ts';
import { slowReport } from './slow-report.ts';
import { asTool, type TaskTool } from './tool.ts';

/** Tasks of one instance. */
export interface OfferedTasks {
  readonly board: TaskBoard;
  readonly fixtures: Fixtures;
}

/** Of a fleet without settings for tasks, whose tools name their own. */
const TIMES: TaskTimes = { ttlMs: 60_000, pollIntervalMs: 500 };

/** The tasks that `input` asks for; undefined for none. */
export function offeredTasks({
  id,
  tasks,
  seed,
  index,
  state,
  offer,
}: InstanceInput): OfferedTasks | undefined {
  const isTested = offer.conformance !== undefined;
  if (tasks === undefined && !isTested) return undefined;
  const makers: readonly TaskTool[] = [
    ...(tasks === undefined ? [] : [slowReport(tasks, seed, index)]),
    ...(isTested ? TASK_FIXTURES : []),
  ];
  const kind = state?.settings.kind;
  const board = new TaskBoard({
    ...(tasks ?? TIMES),
    store: (): Promise<Store> =>
      state === undefined || kind !== 'store' ? Promise.resolve(new MemoryStore()) : openStore(state.store),
    // An id that names its instance, so that a balancer could follow it.
    prefix: kind === 'node-encoded' ? `${id}.` : '',
    steps: new Map(makers.map((maker) => [maker.name, maker])),
  });
  return {
    board,
    fixtures: {
      ...NO_FIXTURES,
      tools: [...makers.map((maker) => asTool(maker, board)), ...(isTested ? [greet] : [])],
      methods: taskMethods(board),
      capabilities: TASKS_CAPABILITY,
    },
  };
}
