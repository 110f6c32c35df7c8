/** @module Chart: each check against each tool and method, and whether something was found. */
import type { TopLevelSpec } from 'vega-lite';
import type { SessionAudit } from '../../session-audit/document.ts';
import { type Chart, FONT_SIZE, LETTER, TOTAL, type Width } from '../chart/chart.ts';
import { BAD, GROUND, LINE, OK } from '../chart/palette.ts';
import { plain, shortenAll } from '../wording.ts';

/** Pixels of a cell; columns are up to twice as wide where there is room. */
const STEP = 26;
/** Pixels at the right of a drawing that scrolls: it fades there into the ground if it goes on. Beyond its end nothing is covered. */
const FADE = 40;
/** Letters of the names of subjects above the columns, and of checks beside the rows. */
const LONGEST = { subject: 22, check: 26 } as const;

const FILLS = { found: BAD, 'nothing found': OK, 'nothing to ask': GROUND, 'not tried': LINE } as const;
type State = keyof typeof FILLS;

/** The chart; `undefined` when no check asked about anything. */
export function auditMatrix(audit: SessionAudit): Chart | undefined {
  const subjects = [
    ...new Set(audit.checks.flatMap((check) => check.subjects.map(({ subject }) => subject))),
  ];
  if (subjects.length === 0) return undefined;
  const rows = audit.checks.map((check) => ({
    name: check.name,
    cells: subjects.map((subject) => stateOf(check, subject)),
  }));
  return {
    name: 'audit-matrix',
    title: 'Audit matrix',
    caption: 'Each check (row) on each tool or method (column): whether something was found there.',
    spec: (width) => specOf(rows, subjects, width),
    mayBeWider: true,
    table: {
      columns: ['check', ...subjects.map(plain)],
      rows: rows.map(({ name, cells }) => [name, ...cells]),
    },
  };
}

const STATES = { found: 'found', clean: 'nothing found', 'not-tried': 'not tried' } as const;

function stateOf({ subjects, why }: SessionAudit['checks'][number], subject: string): State {
  const one = subjects.find((each) => each.subject === subject);
  if ((one ?? { why }).why === 'nothing-to-ask') return 'nothing to ask';
  return one === undefined ? 'not tried' : STATES[one.status];
}

function specOf(
  rows: readonly { readonly name: string; readonly cells: readonly State[] }[],
  subjects: readonly string[],
  width: Width,
): TopLevelSpec {
  const names = shortenAll(subjects.map(plain), LONGEST.subject);
  const labels = Math.ceil(
    Math.min(LONGEST.check, Math.max(...rows.map(({ name }) => name.length))) * LETTER * FONT_SIZE,
  );
  // The last name above the columns leans out to the right.
  const leaning = Math.ceil(names.at(-1)!.length * LETTER * FONT_SIZE * Math.SQRT1_2);
  const room = TOTAL[width] - labels - leaning - 14 - FADE;
  const values = rows.flatMap(({ name, cells }) =>
    cells.map((state, at) => ({ check: name, subject: names[at]!, state })),
  );
  return {
    data: { values },
    width: Math.max(names.length * STEP, Math.min(room, names.length * 2 * STEP)),
    height: { step: STEP },
    mark: { type: 'rect', cornerRadius: 3, stroke: LINE },
    encoding: {
      x: {
        field: 'subject',
        type: 'nominal',
        sort: [...names],
        scale: { paddingInner: 0.12 },
        axis: { title: null, orient: 'top', labelAngle: -45, labelLimit: 200, domain: false, ticks: false },
      },
      y: {
        field: 'check',
        type: 'nominal',
        sort: rows.map(({ name }) => name),
        scale: { paddingInner: 0.12 },
        axis: { title: null, labelLimit: labels + 10, domain: false, ticks: false },
      },
      color: {
        field: 'state',
        type: 'nominal',
        scale: { domain: Object.keys(FILLS), range: Object.values(FILLS) },
        legend: { title: null, orient: 'bottom', symbolStrokeColor: LINE, columns: width === 'wide' ? 4 : 2 },
      },
    },
  };
}
