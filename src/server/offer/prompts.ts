/** @module The prompts that a built-in server offers. */

import type { ToolRequest, ToolResult } from '../tool-answer.ts';

/** A prompt. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly description: string;
    readonly required: boolean;
  }[];
  /** Answers `prompts/get`; absent: {@link promptResult} does. */
  readonly get?: (request: ToolRequest) => ToolResult;
}

const TASKS = [
  ['summarize', 'Summarize', 'the main points, who said them, and what was decided'],
  ['review', 'Review', 'what is wrong, what is missing, and what should be done first'],
  ['translate', 'Translate', 'the whole text, with names and numbers left as they are'],
  ['explain', 'Explain', 'the terms that a newcomer does not know, with an example for each'],
  ['plan', 'Plan', 'the steps, how long each takes, and what it depends on'],
] as const;

/** The `count` prompts that follow after `from`. */
export function morePrompts(from: number, count: number): readonly Prompt[] {
  return Array.from({ length: count }, (_, index) => prompt(from + index));
}

function prompt(index: number): Prompt {
  const [task, title, wanted] = TASKS[index % TASKS.length]!;
  const round = Math.floor(index / TASKS.length);
  return {
    name: round === 0 ? task : `${task}_${round + 1}`,
    title: round === 0 ? title : `${title} (${round + 1})`,
    description: `${title} a text. The answer has ${wanted}.`,
    arguments: [{ name: 'text', description: 'The text to work on', required: true }],
  };
}

/** The entry of a prompt in a list. Source: MCP, `Prompt`. */
export function promptEntry({ get: _get, ...entry }: Prompt): object {
  return entry;
}

/** What `prompts/get` gives of `prompt`. Source: MCP, `GetPromptResult`. */
export function promptResult({ description }: Prompt, given: unknown): object {
  const text = (given as { readonly text?: unknown } | undefined)?.text;
  const content = { type: 'text', text: `${description}\n\n${typeof text === 'string' ? text : ''}` };
  return { description, messages: [{ role: 'user', content }] };
}
