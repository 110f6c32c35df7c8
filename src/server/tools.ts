/** @module The tools that every demonstration server offers: one definition, three servers. */
import { z } from 'zod';
import type { ToolSettings } from '../profile/settings.ts';
import { after } from '../units/clock.ts';
import { type Random, randomAt } from '../units/random.ts';
import type { Micros } from '../units/time.ts';
import { catalogue } from './catalogue.ts';
import { drawServiceTime } from './service-time.ts';

/** A tool. `call` gets arguments that `schema` has accepted and gives the text of the answer. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodObject;
  call(input: Readonly<Record<string, unknown>>): string | Promise<string>;
}

/**
 * The tools of instance number `instance` (from 0): always the built-in three, then generated ones up to `settings.catalogue`.
 * Service times are drawn from `seed`, in the order in which this instance is called.
 */
export function toolSet(settings: ToolSettings, seed: number, instance: number): readonly Tool[] {
  const builtIn = [echo, work(settings, randomAt(seed, 'service', instance)), report(settings.reportBytes)];
  const generated = catalogue(Math.max(0, settings.catalogue - builtIn.length)).map((entry) => ({
    ...entry,
    call: () => `${entry.name}: nothing to report`,
  }));
  return [...builtIn, ...generated];
}

const echo: Tool = {
  name: 'echo',
  description: 'Answers with the text it is given.',
  schema: z.object({ text: z.string().describe('The text to send back') }),
  call: (input) => input['text'] as string,
};

function work(settings: ToolSettings, random: Random): Tool {
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

/** A timer, about a millisecond precise: many instances share the machine, so none may spin. */
function pause(us: Micros): Promise<void> {
  return new Promise((resolve) => {
    after(us, resolve);
  });
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
