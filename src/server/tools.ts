/** @module The tools that every demonstration server offers, and how much of them at once: one definition, three servers. */
import { z } from 'zod';
import type { ToolSettings } from '../profile/settings.ts';
import { balancedPause, type Pause, precisePause } from '../units/pause.ts';
import { type Random, randomAt } from '../units/random.ts';
import { generatedTools } from './offer/generated-tools.ts';
import { Queue } from './queue.ts';
import { drawServiceTime } from './service-time.ts';
import type { OfferedMethod, ToolAnswer, ToolRequest } from './tool-answer.ts';

/** A tool. `call` gets arguments that `schema` has accepted. */
export interface Tool {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly schema: z.ZodObject;
  /** Whether it is one of those that fill up a catalogue. */
  readonly generated?: true;
  /** Source: MCP, `ToolAnnotations`. */
  readonly annotations?: Readonly<Record<string, boolean>>;
  /** `_meta` of its entry in a list. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** What an answer has beside the text, always the same, and its schema. */
  readonly output?: { readonly schema: z.ZodObject; readonly value: Readonly<Record<string, unknown>> };
  call(input: Readonly<Record<string, unknown>>, request: ToolRequest): ToolAnswer | Promise<ToolAnswer>;
}

/** What one instance offers. */
export interface ToolSet {
  readonly tools: readonly Tool[];
  /** What it answers beside tools, lists and reads. */
  readonly methods: Readonly<Record<string, OfferedMethod>>;
  /** Where calls, lists and reads wait for a slot; absent when the instance works on all of them at once. */
  readonly queue?: Queue;
  /** Waits for the service time of a list or a read; absent when that is zero. */
  readonly takeListTime?: () => Promise<void>;
}

/**
 * The tools of instance number `instance` (from 0): always the built-in three, then generated ones up to `settings.catalogue`.
 * Service times are drawn from `seed`, in the order in which this instance begins its calls.
 */
export function toolSet(settings: ToolSettings, seed: number, instance: number): ToolSet {
  const { concurrency, listUs = 0 } = settings;
  const pause = concurrency === undefined ? precisePause : balancedPause();
  const builtIn = [
    echo,
    work(settings, pause, randomAt(seed, 'service', instance)),
    report(settings.reportBytes),
  ];
  return {
    tools: [...builtIn, ...moreTools(builtIn, settings.catalogue - builtIn.length)],
    methods: {},
    ...(concurrency === undefined ? {} : { queue: new Queue(concurrency) }),
    ...(listUs === 0 ? {} : { takeListTime: () => pause(listUs) }),
  };
}

/** The `count` generated tools that follow after those in `tools`; none for a count below 0. */
export function moreTools(tools: readonly Tool[], count: number): readonly Tool[] {
  const generated = tools.filter((tool) => tool.generated).length;
  return generatedTools(generated, Math.max(0, count)).map((tool) => ({
    ...tool,
    generated: true,
    call: () =>
      tool.output === undefined ? `${tool.name}: nothing to report` : JSON.stringify(tool.output.value),
  }));
}

const echo: Tool = {
  name: 'echo',
  description: 'Answers with the text it is given.',
  schema: z.object({ text: z.string().describe('The text to send back') }),
  call: (input) => input['text'] as string,
};

function work(settings: ToolSettings, pause: Pause, random: Random): Tool {
  return {
    name: 'work',
    description: 'Takes as long as a typical upstream call would, without using the processor.',
    schema: z.object({
      ms: z.number().min(0).max(60_000).optional().describe('Take this long instead, in milliseconds'),
    }),
    async call(input) {
      const ms = input['ms'] as number | undefined;
      const us = ms === undefined ? drawServiceTime(settings.work, random) : ms * 1000;
      await pause(us);
      return `worked for ${(us / 1000).toFixed(3)} ms`;
    },
  };
}

const SENTENCE = 'The quick brown fox jumps over the lazy dog, and the report grows by another line. ';

function report(bytes: number): Tool {
  const text = SENTENCE.repeat(Math.ceil(bytes / SENTENCE.length)).slice(0, bytes);
  return {
    name: 'report',
    description: `Answers with a text of ${bytes} bytes.`,
    schema: z.object({}),
    call: () => text,
  };
}
