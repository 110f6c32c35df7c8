/** @module Chart: what each identity got for each kind of call, wrong decisions marked, a panel per variant. */
import type { TopLevelSpec } from 'vega-lite';
import { type Authorized, checked } from '../../authorization/authorized.ts';
import { count, plain, shortenAll } from '../../wording.ts';
import { boldLettersIn, type DrawChart, FONT_SIZE, LETTER, lettersIn, TOTAL, type Width } from '../chart.ts';
import { BAD, GROUND, OK, SERIES } from '../palette.ts';
import type { Layer } from '../rows.ts';

/** More panels are left to the table; those with wrong decisions come first. */
const MOST_PANELS = 6;
const ROW = 30;
const GAP = 28;
const LONGEST_IDENTITY = 18;
/** Between the lines of a label; no name has one. */
const BREAK = '\n';

type MatrixRow = Authorized['auth']['matrix'][number];

const KINDS = ['allowed', '401', '403', 'wrong'] as const;
const COLOURS = [OK, SERIES[4]!, SERIES[3]!, BAD];
/** In a cell; a word would not fit on a phone. */
const LABELS = { allow: '✓', unauthorized: '401', forbidden: '403' } as const;
const RIGHT = { allow: 'allowed', unauthorized: '401', forbidden: '403' } as const;

/** Who called: `readers`. */
const whoText = ({ identity }: MatrixRow): string => plain(identity) || '?';

/** Since which change of its rights: `after revoke`; empty before any. */
function whenText({ auth }: Authorized, { event }: MatrixRow): string {
  return event < 0 ? '' : `after ${auth.events[event]?.kind ?? `event ${event + 1}`}`;
}

/** `echo` for a call of a tool; other methods as they are. */
const callText = ({ call }: MatrixRow): string => plain(call).replace(/^tools\/call /, '') || '?';

const callsOf = ({ allowed, unauthorized, forbidden }: MatrixRow): number =>
  allowed + unauthorized + forbidden;

function cellsOf(
  one: Authorized,
  panel: string,
  identityOf: (row: MatrixRow) => string,
  calls: ReadonlyMap<string, string>,
) {
  return one.auth.matrix
    .filter((row) => callsOf(row) > 0)
    .map((row) => ({
      panel,
      identity: identityOf(row),
      call: calls.get(callText(row))!,
      kind: row.wrong > 0 ? 'wrong' : RIGHT[row.expected],
      label: row.wrong > 0 ? `✕ ${count(row.wrong)}` : LABELS[row.expected],
    }));
}

/** Names by what they stand for, cut and still different. */
function shortNames(names: readonly string[], letters: number): ReadonlyMap<string, string> {
  const unique = [...new Set(names)];
  const short = shortenAll(unique, letters);
  return new Map(unique.map((name, at) => [name, short[at]!]));
}

/** The coloured cells of a panel, and what stands in them. */
function layersOf(identities: readonly string[], calls: readonly string[], width: Width): Layer[] {
  const encoding = {
    x: {
      field: 'call',
      type: 'nominal',
      sort: [...calls],
      axis: { title: null, orient: 'top', labelAngle: 0, domain: false, ticks: false },
    },
    y: {
      field: 'identity',
      type: 'nominal',
      sort: [...identities],
      axis: { title: null, domain: false, ticks: false, labelExpr: `split(datum.label, '\\n')` },
    },
  } as const;
  return [
    {
      mark: { type: 'rect', stroke: GROUND, strokeWidth: 2 },
      encoding: {
        ...encoding,
        color: {
          field: 'kind',
          type: 'nominal',
          scale: { domain: [...KINDS], range: COLOURS },
          legend: {
            orient: 'top',
            title: null,
            symbolType: 'square',
            symbolSize: 140,
            columns: width === 'wide' ? 4 : 2,
          },
        },
      },
    },
    {
      mark: { type: 'text', color: GROUND, fontWeight: 'bold' },
      encoding: { ...encoding, text: { field: 'label', type: 'nominal' } },
    },
  ] as Layer[];
}

function specOf(some: readonly Authorized[], width: Width): TopLevelSpec {
  const columns = width === 'wide' && some.length > 1 ? 2 : 1;
  const rows = some.flatMap((one) => one.auth.matrix.map((row) => [one, row] as const));
  const who = shortNames(
    rows.map(([, row]) => whoText(row)),
    LONGEST_IDENTITY,
  );
  const linesOf = (one: Authorized, row: MatrixRow): readonly string[] => [
    who.get(whoText(row))!,
    ...(row.event < 0 ? [] : [whenText(one, row)]),
  ];
  const lines = rows.map(([one, row]) => linesOf(one, row));
  const identities = [...new Set(lines.map((each) => each.join(BREAK)))];
  const longest = Math.max(...lines.flat().map(({ length }) => length));
  const namePixels = Math.ceil(longest * LETTER * FONT_SIZE) + 12;
  const pixels = Math.floor((TOTAL[width] - 8 - namePixels - (columns - 1) * GAP) / columns);
  const kinds = new Set(rows.map(([, row]) => callText(row)));
  const calls = shortNames([...kinds], Math.max(4, lettersIn(pixels / kinds.size) - 1));
  const panels = shortenAll(
    some.map(({ name }) => name),
    boldLettersIn(pixels),
  );
  return {
    data: {
      values: some.flatMap((one, place) =>
        cellsOf(one, panels[place]!, (row) => linesOf(one, row).join(BREAK), calls),
      ),
    },
    columns,
    spacing: { row: 48, column: GAP },
    resolve: { axis: { x: 'independent' } },
    bounds: 'flush',
    facet: {
      field: 'panel',
      type: 'nominal',
      title: null,
      sort: [...panels],
      header: { labelAnchor: 'start', labelAlign: 'left', labelPadding: 6 },
    },
    spec: {
      width: pixels,
      height: identities.length * ROW,
      layer: layersOf(identities, [...calls.values()], width),
    },
  } as TopLevelSpec;
}

export const decisions: DrawChart = (model) => {
  const all = checked(model).filter(({ auth }) => auth.matrix.some((row) => callsOf(row) > 0));
  // Where everybody may do everything, and does, a sentence says so.
  if (
    all.every(({ auth }) => auth.matrix.every(({ expected, wrong }) => expected === 'allow' && wrong === 0))
  )
    return undefined;
  const isWrong = ({ auth }: Authorized): boolean => auth.matrix.some(({ wrong }) => wrong > 0);
  const drawn = [...all.filter(isWrong), ...all.filter((one) => !isWrong(one))]
    .slice(0, MOST_PANELS)
    .sort((a, b) => a.place - b.place);
  return {
    name: 'auth-decisions',
    title: all.some(isWrong) ? 'What each identity got, wrong decisions marked' : 'What each identity got',
    caption: `What the calls of an identity should get, and got: through (✓), 401 or 403. ✕: so many of them got something else. Rows with an event are agents whose rights it changed, from its confirmation on.${
      drawn.length < all.length
        ? ` ${drawn.length} of ${all.length} variants are drawn; the table has all.`
        : ''
    }`,
    spec: (width) => specOf(drawn, width),
    table: {
      columns: ['variant', 'identity', 'call', 'should get', 'allowed', '401', '403', 'wrong'],
      rows: all.flatMap((one) =>
        one.auth.matrix.map((row) => [
          one.name,
          [whoText(row), whenText(one, row)].filter(Boolean).join(', '),
          plain(row.call) || '?',
          RIGHT[row.expected],
          count(row.allowed),
          count(row.unauthorized),
          count(row.forbidden),
          count(row.wrong),
        ]),
      ),
    },
  };
};
