/** @module Tools that need what other tools give: a flow in place of a call that cannot be made by itself, tried as a whole. */
import { type JsonObject, objectOf } from '../protocol/json-object.ts';
import { argumentsOf, leadingTo, type Step, stepOf } from '../session-audit/flow.ts';
import type { AuditTool } from '../session-audit/survey.ts';
import { synthesise } from '../synthesis/arguments.ts';
import { type LearnedValue, valuesIn } from '../synthesis/learned.ts';
import { inOrder } from '../synthesis/order.ts';
import { isReference, wordsOf } from '../synthesis/words.ts';
import { toolRequest } from './candidates.ts';
import { type TrialOptions, type Tried, tryOne } from './trial.ts';

/** Rounds in which tools are tried: what one needs may have been given in the round before. */
const ROUNDS = 2;

/**
 * `tried` with flows in place of the calls of tools that failed, had no arguments, or refer to something that has to exist, where results of
 * other tools gave a value of that name and type, and the whole flow ended well. Throws `AuditEnded` when the user interrupts.
 */
export async function withFlows(
  tried: readonly Tried[],
  tools: readonly AuditTool[],
  seed: number,
  options: TrialOptions,
): Promise<readonly Tried[]> {
  const search = new FlowSearch(tried, tools, seed, options);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const tool of inOrder(tools)) if (!(await search.look(tool))) return search.tried();
  }
  return search.tried();
}

class FlowSearch {
  readonly #all: readonly Tried[];
  readonly #tools: ReadonlyMap<string, AuditTool>;
  readonly #seed: number;
  readonly #options: TrialOptions;
  /** By the name of the tool. */
  readonly #found: Map<string, Tried>;
  /** Of tools whose call ended well. */
  readonly #steps = new Map<string, Step>();
  readonly #learned: LearnedValue[] = [];

  constructor(tried: readonly Tried[], tools: readonly AuditTool[], seed: number, options: TrialOptions) {
    this.#all = tried;
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.#seed = seed;
    this.#options = options;
    const calls = tried.filter(({ candidate }) => candidate.key === 'tool');
    this.#found = new Map(calls.map((one) => [one.candidate.name, one]));
    for (const { name } of inOrder(tools)) {
      const { candidate, ended, result } = this.#found.get(name) ?? {};
      if (ended?.kind !== 'ok') continue;
      this.#steps.set(name, stepOf(name, candidate?.arguments ?? {}, {}));
      this.#learned.push(...valuesIn(name, result));
    }
  }

  /** Everything that was tried, in its order. */
  tried(): readonly Tried[] {
    return this.#all.map((one) =>
      one.candidate.key === 'tool' ? (this.#found.get(one.candidate.name) ?? one) : one,
    );
  }

  /** Looks for a flow to `tool`. False when no more requests may be made. */
  async look(tool: AuditTool): Promise<boolean> {
    const before = this.#found.get(tool.name);
    if (before === undefined || before.candidate.flow !== undefined || !mayNeed(before)) return true;
    const learned = this.#learnedFor(tool);
    const made = await synthesise(tool, { seed: this.#seed, learned });
    if (made.kind === 'none' || !isWorth(tool, before, Object.keys(made.from))) return true;
    const step = stepOf(tool.name, made.arguments, made.from);
    const flow = leadingTo(tool.name, new Map(this.#steps).set(tool.name, step));
    const tried = await this.#try(before, flow);
    if (tried.ended.kind === 'not-tried') return false;
    if (tried.ended.kind !== 'ok') return true;
    this.#steps.set(tool.name, step);
    this.#learned.push(...valuesIn(tool.name, tried.result));
    this.#found.set(tool.name, tried);
    this.#options.onTried(tried);
    return true;
  }

  /** What may be given to `tool`, the values with the fewest calls before them last: of equals, the last one is taken. No flow leads through its own tool. */
  #learnedFor({ name }: AuditTool): readonly LearnedValue[] {
    const leading = new Map([...this.#steps.keys()].map((tool) => [tool, leadingTo(tool, this.#steps)]));
    return this.#learned
      .map((value) => ({ value, before: leading.get(value.source.tool) ?? [] }))
      .filter(({ before }) => before.every(({ tool }) => tool !== name))
      .sort((a, b) => b.before.length - a.before.length)
      .map(({ value }) => value);
  }

  /** Makes all calls of `flow`, and says how the last one ended that was made. */
  async #try({ candidate }: Tried, flow: readonly Step[]): Promise<Tried> {
    const results = new Map<string, JsonObject>();
    let [tookUs, result]: [number, JsonObject | undefined] = [0, undefined];
    for (const step of flow) {
      const one = await tryOne(
        toolRequest(this.#tools.get(step.tool)!, argumentsOf(step, results)),
        this.#options,
      );
      if (one.ended.kind !== 'ok') return { candidate, ended: one.ended };
      tookUs += one.ended.tookUs;
      result = one.result;
      results.set(step.tool, result ?? {});
    }
    return { candidate: { ...candidate, flow }, ended: { kind: 'ok', tookUs }, result };
  }
}

/** Whether a call may lack what other tools give: it was allowed, and there was an answer or there were no arguments. */
function mayNeed({ ended }: Tried): boolean {
  if (ended.kind === 'ok') return true;
  if (ended.kind === 'not-tried') return ended.why === 'no-arguments';
  return ended.outcome === 'tool-error' || ended.outcome === 'rpc-error';
}

/** Whether the call is to be tried with the parameters in `learned`. One that ended well is, if it has to refer to something: servers also answer that there is nothing. */
function isWorth({ inputSchema }: AuditTool, { ended }: Tried, learned: readonly string[]): boolean {
  if (ended.kind !== 'ok') return learned.length > 0;
  const { required } = objectOf(inputSchema);
  return learned.some(
    (name) => Array.isArray(required) && required.includes(name) && isReference(wordsOf(name)),
  );
}
