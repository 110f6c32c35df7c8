/** @module How often a real fleet knows a handle that one of its instances has made, against the closed form 1/N. */
import type { Context } from './context.ts';
import { goalOf } from './goal.ts';
import { runProfile } from './run-profile.ts';

/** Standard errors that a count may be away from what is expected: beyond it in three of ten thousand. */
const MOST_ERRORS = 3.6;
const INSTANCES = [2, 3, 4] as const;
const FLOW = 'basket';
/** The call of the flow that looks. */
const LOOK = `${FLOW} / tools/call get_basket`;

interface Found {
  readonly kind: 'memory' | 'store' | 'signed';
  readonly instances: number;
  /** Looks at a basket that one call before has made. */
  readonly looks: number;
  readonly found: number;
  /** Probability of a look to find it. */
  readonly expected: number;
}

/** Runs a fleet of each size with each kind. */
export async function foundHandles({ say }: Context) {
  const all: Found[] = [];
  for (const kind of ['memory', 'store', 'signed'] as const) {
    for (const instances of kind === 'memory' ? INSTANCES : [3]) {
      const one = await foundBehind(kind, instances);
      say(`${kind} behind ${instances} instances: ${one.found} of ${one.looks}`);
      all.push(one);
    }
  }
  return {
    table: {
      caption: 'Handles that the next call finds, behind random-two',
      head: ['kind', 'instances', 'looks', 'found', 'share', 'expected', 'standard errors'],
      rows: all.map((one) => [
        one.kind,
        String(one.instances),
        String(one.looks),
        String(one.found),
        (one.found / one.looks).toFixed(4),
        one.expected.toFixed(4),
        one.expected === 1 ? '–' : errorsOf(one).toFixed(2),
      ]),
    },
    goals: all.map((one) =>
      one.expected === 1
        ? goalOf(
            { what: `${whatOf(one)}: lost`, direction: 'at most', bound: 0, unit: 'calls' },
            one.looks > 0 ? one.looks - one.found : undefined,
          )
        : goalOf(
            {
              what: `${whatOf(one)}: found, from 1/${one.instances}`,
              direction: 'at most',
              bound: MOST_ERRORS,
              unit: 'standard errors',
            },
            Math.abs(errorsOf(one)),
          ),
    ),
    data: all,
  };
}

const whatOf = ({ kind, instances }: Found): string => `${kind} handles behind ${instances} instances`;

/** How far the count is from the binomial mean. NaN where there were no looks. */
function errorsOf({ looks, found, expected }: Found): number {
  return (found - looks * expected) / Math.sqrt(looks * expected * (1 - expected));
}

async function foundBehind(kind: Found['kind'], instances: number): Promise<Found> {
  const variants = await runProfile([
    'load: { rate: 100/s, arrivals: poisson, warmup: 500ms, duration: 15s, agents: 64 }',
    'calls:',
    `  - name: ${FLOW}`,
    '    flow:',
    '      - { tool: create_basket, save: { basket: $.basket_id } }',
    '      - { think: 50ms }',
    '      - { tool: get_basket, arguments: { basket_id: "{{saved.basket}}" } }',
    `fleet: { server: lean, instances: ${instances}, state: { kind: ${kind} } }`,
    'balancer: { policy: random-two }',
    'repetitions: 1',
  ]);
  const [variant] = variants.values();
  const { calls = 0, ok = 0 } = variant?.summary?.byCall[LOOK] ?? {};
  return { kind, instances, looks: calls, found: ok, expected: kind === 'memory' ? 1 / instances : 1 };
}
