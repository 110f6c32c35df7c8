/** @module The tool `slow_report`: takes as long as the profile says, and may fail or ask on the way. */
import { z } from 'zod';
import type { FleetTaskSettings } from '../../profile/settings.ts';
import { SLOW_REPORT } from '../../profile/tool-names.ts';
import { randomAt } from '../../units/random.ts';
import { drawServiceTime } from '../service-time.ts';
import type { TaskTool } from './tool.ts';
import { textResult } from './work.ts';

/** How a call of the tool ends. */
const ENDS = ['completed', 'failed', 'tool-error'] as const;

/** The key of the one question, and the form that it is asked with. */
const KEY = 'format';
const QUESTION = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'In which format?',
    requestedSchema: {
      type: 'object',
      properties: { format: { type: 'string', enum: ['short', 'long'], default: 'short' } },
      required: ['format'],
    },
  },
};

/** The tool of instance number `instance`, which draws from `seed` what each of its calls does. */
export function slowReport(settings: FleetTaskSettings, seed: number, instance: number): TaskTool {
  const random = randomAt(seed, 'task', instance);
  return {
    name: SLOW_REPORT,
    description: 'Makes a report in the background.',
    schema: z.object({}),
    support: 'optional',
    begin() {
      // All of them each time, so that a share does not change what is drawn for the others.
      const workMs = drawServiceTime(settings.work, random) / 1000;
      const [fate, question] = [random.next(), random.next()];
      const { failed, toolErrors } = settings;
      const end = ENDS[fate < failed ? 1 : fate < failed + toolErrors ? 2 : 0];
      return { workMs, end, asks: question < settings.asks };
    },
    next({ end, asks }, answers) {
      if (asks === true && !Object.hasOwn(answers, KEY))
        return { kind: 'ask', requests: { [KEY]: QUESTION } };
      if (end === 'failed') return { kind: 'failed', code: -32603, message: 'the report cannot be made' };
      const isError = end === 'tool-error';
      return {
        kind: 'completed',
        result: textResult(isError ? 'nothing to report on' : 'a report', isError),
      };
    },
  };
}
