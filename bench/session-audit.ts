/** @module The truth of the audit: each planted fault, and the healthy server, with 20 seeds. */
import { auditPlanted, foundBy, PLANTED, startPlanted } from '../src/session-audit/planted.case.ts';
import type { Context } from './context.ts';
import { goalOf } from './goal.ts';
import type { Outcome, Section } from './section.ts';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

export const sessionAudit: Section = {
  name: 'session-audit',
  title: 'Planted faults that the audit finds',
  method: `Three copies of profiles/planted-server.mjs for each of its faults, and three healthy ones, are audited with ${SEEDS.length} seeds each. A fault counts as found when its check finds it and no other check finds anything.`,
  run,
};

interface Row {
  readonly fault: string;
  readonly checks: readonly string[];
  /** Audits in which exactly these checks found something. */
  readonly right: number;
  /** Audits in which another check did. */
  readonly others: number;
}

async function run(context: Context): Promise<Outcome> {
  const rows: Row[] = [];
  for (const [fault, checks] of Object.entries(PLANTED)) {
    rows.push(await auditsOf(fault, checks));
    context.say(`${fault}: ${rows.at(-1)!.right} of ${SEEDS.length}`);
  }
  const healthy = await auditsOf(undefined, []);
  const fewest = Math.min(...rows.map(({ right }) => right));
  const wrong = SEEDS.length - healthy.right;
  return {
    tables: [
      {
        caption: 'Planted faults',
        head: ['planted', 'found by', 'audits that found it', 'audits with another finding'],
        rows: [...rows, healthy].map(({ fault, checks, right, others }) => [
          fault,
          checks.join(', ') || '–',
          checks.length === 0 ? '–' : `${right} of ${SEEDS.length}`,
          `${others} of ${SEEDS.length}`,
        ]),
      },
    ],
    goals: [
      goalOf(
        {
          what: 'audits that find the fault, fewest of all faults',
          direction: 'at least',
          bound: SEEDS.length,
          unit: 'of 20',
        },
        fewest,
      ),
      goalOf(
        {
          what: 'audits of the healthy server with a finding',
          direction: 'at most',
          bound: 0,
          unit: 'of 20',
        },
        wrong,
      ),
    ],
    notes: [],
    data: [...rows, healthy],
  };
}

async function auditsOf(fault: string | undefined, checks: readonly string[]): Promise<Row> {
  const copies = await startPlanted(fault === undefined ? [] : [fault]);
  try {
    let [right, others] = [0, 0];
    for (const seed of SEEDS) {
      const found = foundBy(await auditPlanted(copies, seed));
      if (found.join() === checks.join()) right += 1;
      if (found.some((name) => !checks.includes(name))) others += 1;
    }
    return { fault: fault ?? 'none (healthy)', checks, right, others };
  } finally {
    await copies.stop();
  }
}
