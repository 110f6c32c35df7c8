/** @module What agents declare that they can do as clients. */
import type { AgentSettings, TaskSettings } from '../../profile/settings.ts';
import { APP_MIME_TYPE, APPS_EXTENSION } from '../../protocol/apps.ts';
import type { JsonObject } from '../../protocol/json-object.ts';
import { inputCapabilities } from '../../protocol/rounds/input-answer.ts';
import { TASK_CAPABILITIES } from './task-requests.ts';

/** Source: MCP Apps 2026-01-26, Negotiation. */
const APPS = {
  extensions: { [APPS_EXTENSION]: { mimeTypes: [APP_MIME_TYPE] } },
} as const;

/** `clientCapabilities` of agents with `settings`, which follow tasks where there are settings for these. */
export function declaredBy({ answers, apps }: AgentSettings, tasks?: TaskSettings): JsonObject {
  const declared = { ...(answers && inputCapabilities(answers.kinds)), ...(apps && APPS) };
  if (tasks === undefined) return declared;
  const extensions = { ...(apps && APPS.extensions), ...TASK_CAPABILITIES.extensions };
  return { ...TASK_CAPABILITIES, ...declared, extensions };
}
