/** @module Whether a client takes tasks, which each of its requests has to say. Source: MCP Tasks, 2026-07-28. */

import { isObject } from '../../protocol/json-object.ts';
import { TASKS_CAPABILITY, TASKS_EXTENSION } from '../../protocol/tasks.ts';
import { capabilitiesOf, type ToolRefusal, type ToolRequest } from '../tool-answer.ts';

/** Whether `request` declares the extension. */
export function takesTasks(request: ToolRequest): boolean {
  const { extensions } = capabilitiesOf(request);
  return isObject(extensions) && isObject(extensions[TASKS_EXTENSION]);
}

/** The answer to a request that cannot be served without it. */
export const NEEDS_TASKS: ToolRefusal = {
  kind: 'refused',
  code: -32021,
  message: `Missing required client capability: extensions["${TASKS_EXTENSION}"]`,
  data: { requiredCapabilities: TASKS_CAPABILITY },
  status: 400,
};
