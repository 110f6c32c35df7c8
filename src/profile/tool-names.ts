/** @module The names of the tools that built-in servers offer: what a profile can call and rename. */

/** The tools that come first in every catalogue. */
const BUILT_IN_TOOLS = ['echo', 'work', 'report'] as const;

/** The tool whose calls become tasks, where `fleet.tasks` asks for it. */
export const SLOW_REPORT = 'slow_report';

/** The systems that generated tools seem to belong to, in their order. */
const TOOL_SYSTEMS = [
  'issues',
  'calendar',
  'crm',
  'files',
  'billing',
  'deploys',
  'tickets',
  'warehouse',
  'alerts',
  'wiki',
] as const;

/** What generated tools seem to do with a system, in their order. */
const TOOL_ACTIONS = ['search', 'get', 'list', 'create', 'update', 'archive', 'comment', 'export'] as const;

/** What a generated tool is named after. */
export interface ToolWords {
  readonly system: (typeof TOOL_SYSTEMS)[number];
  readonly action: (typeof TOOL_ACTIONS)[number];
  /** How often all systems and actions have been used before. */
  readonly round: number;
}

/** The words of generated tool `index`, from 0. */
export function toolWords(index: number): ToolWords {
  return {
    system: TOOL_SYSTEMS[Math.floor(index / TOOL_ACTIONS.length) % TOOL_SYSTEMS.length]!,
    action: TOOL_ACTIONS[index % TOOL_ACTIONS.length]!,
    round: Math.floor(index / (TOOL_SYSTEMS.length * TOOL_ACTIONS.length)),
  };
}

/** The name of generated tool `index`, from 0: `crm_get`, `crm_get_2`. */
export function generatedName(index: number): string {
  const { system, action, round } = toolWords(index);
  return `${system}_${action}${round === 0 ? '' : `_${round + 1}`}`;
}

/** The names of the `count` generated tools that follow in a catalogue of `size` tools. */
export function namesAfter(size: number, count: number): readonly string[] {
  const generated = Math.max(0, size - BUILT_IN_TOOLS.length);
  return Array.from({ length: Math.max(0, count) }, (_, index) => generatedName(generated + index));
}

/** The names of all tools of a catalogue of `size`, which has at least the built-in ones. */
export function toolNames(size: number): readonly string[] {
  const { length } = BUILT_IN_TOOLS;
  return [...BUILT_IN_TOOLS, ...namesAfter(length, size - length)];
}
