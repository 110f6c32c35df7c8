import { describe, expect, it } from 'vitest';
import { ResultDocument } from '../../result/document.ts';
import { chartsOf } from '../chart/charts.ts';
import { modelOf } from '../model.ts';
import { hostileNames, modes, plantedFaults } from '../sample-authorization.case.ts';
import { hostileCaches, sweep } from '../sample-caching.case.ts';
import * as samples from '../sample-document.case.ts';
import { CACHING, CHECK, questions, questionsAndMore, SESSIONS } from '../sample-questions.case.ts';
import { handles } from '../sample-state.case.ts';
import { csvCell } from './csv.ts';
import { renderers } from './formats.ts';
import { escapeMarkdown } from './markdown.ts';
import { html } from './markup.ts';
import { FORMATS, type Format } from './names.ts';
import { type RenderedFile, whole } from './rendered.ts';
import { headline } from './text.ts';

const {
  allDropped,
  allFailed,
  demo,
  generatorBound,
  hostile,
  HOSTILE,
  interrupted,
  judged,
  manyVariants,
  oneVariant,
  zeroCalls,
} = samples;
const SAMPLES = {
  demo,
  oneVariant,
  interrupted,
  judged,
  zeroCalls,
  manyVariants,
  allFailed,
  allDropped,
  generatorBound,
  hostile,
  modes,
  plantedFaults,
  hostileNames,
  questions,
  questionsAndMore,
  sweep,
  hostileCaches,
};

/** Those with every kind of chart: `html/page.test.ts` draws these charts. */
const CHARTED = { handles, questions, hostile, hostileCaches };
/** Those drawn here: with few charts, with none, and with the names that try hardest to break out. */
const DRAWN = { oneVariant, zeroCalls, hostileNames };
const DRAWINGS: readonly Format[] = ['svg', 'png'];
/** Pages are rendered in `html/page.test.ts`. */
const TEXTS = FORMATS.filter((format) => format !== 'html' && !DRAWINGS.includes(format));

/** The same with a threshold that passed. */
const asked = (document: ResultDocument): ResultDocument => ({
  ...document,
  profile: { ...document.profile, thresholds: ['dropped == 0'] },
  verdict: { status: 'pass', reasons: [] },
});

const rendered = new WeakMap<ResultDocument, Partial<Record<Format, Promise<readonly RenderedFile[]>>>>();

/** The files of a document, which is rendered once: that takes up to a second, and its input never changes. */
async function filesOf(format: Format, document: ResultDocument) {
  const known = rendered.get(document) ?? {};
  rendered.set(document, known);
  known[format] ??= renderers[format](modelOf(document)).then(({ files }) =>
    files.map(({ name, content }) => ({ name, content: whole(content) })),
  );
  return known[format];
}

const textOf = async (format: Format, document: ResultDocument): Promise<string> =>
  (await filesOf(format, document)).map((file) => String(file.content)).join('\n');

async function expectSafeFiles(format: Format, document: ResultDocument): Promise<void> {
  const files = await filesOf(format, document);
  expect(new Set(files.map((file) => file.name)).size).toBe(files.length);
  for (const file of files) {
    expect(file.name).toMatch(
      /^[A-Za-z0-9][A-Za-z0-9.-]+\.(html|md|svg|png|json|csv|xml|hgrm|hlog|prom|txt)$/,
    );
    expect(file.content.length).toBeGreaterThan(0);
  }
}

describe.each(Object.entries(DRAWN))('the document "%s"', (_, make) => {
  it.each(DRAWINGS)('is rendered as %s into files with names that are safe', (format) =>
    expectSafeFiles(format, make()),
  );
});

it.each(Object.entries(CHARTED))('the charts of "%s" have names that are safe', (_, make) => {
  const names = chartsOf(modelOf(make())).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(4);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9.-]+$/);
});

describe.each(Object.entries(SAMPLES))('the document "%s"', (_, make) => {
  it('is one that the schema allows', () => {
    ResultDocument.parse(make());
  });

  it.each(TEXTS)('is rendered as %s into files with names that are safe', (format) =>
    expectSafeFiles(format, make()),
  );

  it('ends a run with lines of printable text', () => {
    expect(headline(modelOf(make()))).toMatch(/^[\P{Cc}\n]+$/u);
  });
});

describe('html', () => {
  it('is one file', async () => {
    await expectSafeFiles('html', zeroCalls());
    expect(await filesOf('html', zeroCalls())).toHaveLength(1);
  });

  it('escapes whatever is put into a template, and joins markup', () => {
    expect(html`<p title="${'"<&>\''}">${[html`<b>${1}</b>`, html`${'<i>'}`]}</p>`.markup).toBe(
      '<p title="&quot;&lt;&amp;&gt;&#39;"><b>1</b>&lt;i&gt;</p>',
    );
  });
});

describe('md and text', () => {
  it('have parts about authorization and caching where there is something to say only', async () => {
    for (const [format, make, head] of [
      ['md', plantedFaults, '**What the check costs, measured in several ways**'],
      ['text', plantedFaults, '\nauthorization:\n'],
      ['md', sweep, '**What caching saves**'],
      ['text', sweep, '\ncaching:\n'],
    ] as const) {
      expect(await textOf(format, make())).toContain(head);
      expect(await textOf(format, demo())).not.toContain(head);
    }
  });
});

describe('png', () => {
  it('is a png with text in it: the fonts were found', async () => {
    const files = await filesOf('png', oneVariant());
    const drawings = await filesOf('svg', oneVariant());
    expect(files).toHaveLength(drawings.length);
    for (const { content } of files) {
      expect(Buffer.from(content).subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
    }
    const histogram = files.find((file) => file.name === 'histogram.png')!;
    // Without its fonts the same chart is bare bars of a few kilobytes.
    expect(histogram.content.length).toBeGreaterThan(20_000);
  });
});

describe('md', () => {
  it('has a row per variant and a line per finding', async () => {
    const text = await textOf('md', demo());
    expect(text).toMatch(/^### Sticky sessions against round-robin: none \(no thresholds were set\)\n/);
    expect(await textOf('md', asked(demo()))).toMatch(/^### Sticky sessions against round-robin: pass\n/);
    expect(text).toContain('| sessions, round-robin | 24.9 | 9,008 |');
    expect(text).toMatch(/^- ❌ “sessions, round-robin” lost 75 %/m);
  });

  it('leaves no character that could start Markdown, HTML, a mention or a link', () => {
    const escaped = escapeMarkdown(`${HOSTILE} @someone #1 https://x.invalid www.x.invalid \\ ~~s~~ $m$`);
    expect(escaped.replace(/&#\d+;/g, '')).not.toMatch(/[<>|*_`[\]\\~@#$]|:\/\/|www\./);
  });

  it('keeps a table a table whatever the names', async () => {
    const tables = (await textOf('md', hostile())).match(/(?:^\|.*\n)+/gm)!;
    expect(tables).toHaveLength(2);
    for (const table of tables) {
      const [head, ...rows] = table.trimEnd().split('\n');
      for (const row of rows) expect(row.match(/\|/g)).toHaveLength(head!.match(/\|/g)!.length);
    }
  });
});

describe('csv', () => {
  it('has a row per repetition and one per variant, all as wide as the head', async () => {
    const lines = (await textOf('csv', demo())).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + 4 * (3 + 1));
    const width = lines[0]!.split(',').length;
    // The names hold one comma each, within quotes.
    for (const line of lines.slice(1)) expect(line.replace(/"[^"]*"/, 'name').split(',')).toHaveLength(width);
    expect(lines[0]).toContain('response_time_p99_us');
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['-a', "'-a"],
    ['a,"b"', '"a,""b"""'],
    [-1, '-1'],
    [null, ''],
  ])('writes the cell %j as %s', (cell, text) => {
    expect(csvCell(cell)).toBe(text);
  });
});

describe('junit', () => {
  const withVerdict = (document: ResultDocument, verdict: ResultDocument['verdict']): Promise<string> =>
    textOf('junit', { ...document, verdict });
  const at = { variant: 'sessions, sticky' };
  // One threshold within the other: only their data tells them apart.
  const failed = {
    ...at,
    threshold: 'p(99) < 50ms for sticky',
    status: 'fail' as const,
    measured: '60 ms',
    reason: 'sessions, sticky: p(99) < 50ms for sticky: measured 60 ms',
  };
  const passed = { ...at, threshold: 'p(99) < 50ms', status: 'pass' as const, measured: '40 ms' };
  const open = {
    ...at,
    threshold: 'rate > 9/s',
    status: 'inconclusive' as const,
    reason: 'sessions, sticky: rate > 9/s: not measured',
  };
  const doubt = 'sessions, sticky: repetition 1 was interrupted';

  it('has a case per threshold and variant, as each was judged', async () => {
    const text = await withVerdict(demo(), {
      status: 'fail',
      reasons: [failed.reason, open.reason],
      checks: [passed, failed, open],
    });
    expect(text).toContain('<testsuite name="verdict" tests="3" failures="1" errors="0" skipped="1">');
    expect(text).toContain('name="sessions, sticky: p(99) &lt; 50ms"/>');
    expect(text).toMatch(
      /name="sessions, sticky: p\(99\) &lt; 50ms for sticky"><failure message="[^"]*60 ms"/,
    );
    expect(text).toMatch(/name="sessions, sticky: rate &gt; 9\/s"><skipped message="[^"]*not measured"/);
  });

  it('names a threshold alone where there is one variant', async () => {
    const checks = [{ ...passed, variant: oneVariant().variants[0]!.name }];
    expect(await withVerdict(oneVariant(), { status: 'pass', reasons: [], checks })).toContain(
      'name="p(99) &lt; 50ms"/>',
    );
  });

  it('has a case for what else is in doubt, which fails nothing beside a threshold that did', async () => {
    const checks = [failed];
    const text = await withVerdict(demo(), { status: 'fail', reasons: [failed.reason, doubt], checks });
    expect(text).toContain('<testsuite name="verdict" tests="2" failures="1" errors="0" skipped="1">');
    expect(text).toMatch(/name="verdict"><skipped message="[^"]*repetition 1 was interrupted"/);
  });

  it.each([
    ['fail', 'failures="1" errors="0" skipped="0"'],
    ['inconclusive', 'failures="0" errors="0" skipped="1"'],
  ] as const)('has the verdict as a whole where a result carries no more: %s', async (status, counts) => {
    const text = await withVerdict(demo(), { status, reasons: [failed.reason] });
    expect(text).toContain(`<testsuite name="verdict" tests="1" ${counts}>`);
  });

  it('proves nothing where no threshold was set', async () => {
    const text = await textOf('junit', oneVariant());
    expect(text).toContain('<testsuite name="verdict" tests="1" failures="0" errors="0" skipped="1">');
    expect(text).toMatch(/name="verdict"><skipped message="The profile sets no thresholds/);
  });

  it('skips a trial of which not one call ended ok', async () => {
    expect(await textOf('junit', allFailed())).toMatch(/<testsuite name="calls" tests="(\d+)" failures="\1"/);
    expect(await textOf('junit', allFailed())).toContain(
      '<testsuite name="trials" tests="3" failures="0" errors="0" skipped="3">',
    );
    expect(await textOf('junit', demo())).toContain(
      '<testsuite name="trials" tests="12" failures="0" errors="0" skipped="0">',
    );
  });

  it('skips the trials that the generator limited', async () => {
    expect(await textOf('junit', generatorBound())).toContain(
      'tests="12" failures="0" errors="0" skipped="3"',
    );
  });
});

describe('hdr', () => {
  it('prints every series of every variant in milliseconds', async () => {
    const files = await filesOf('hdr', demo());
    expect(files).toHaveLength(4 * 3);
    const first = files.find((file) => file.name === '02-sessions-sticky.responseTime.hgrm')!;
    expect(first.content).toMatch(/Value\s+Percentile\s+TotalCount\s+1\/\(1-Percentile\)/);
    expect(first.content).toMatch(/Total count\s+=\s+12000/);
    expect(first.content).toMatch(/^\s+3\.\d+ 0\.5\d+\s/m);
  });
});

describe('json', () => {
  it('is the document', async () => {
    expect(JSON.parse(await textOf('json', demo()))).toEqual(demo());
  });
});

describe('the closing lines of a run', () => {
  it('align their columns and end with the verdict', () => {
    const lines = headline(modelOf(demo())).split('\n');
    expect(lines.slice(0, 5).map((line) => line.length)).toEqual(Array(5).fill(lines[0]!.length));
    expect(lines[0]).toMatch(/^variant +ok % +errors +p50 ms +p99 ms +goodput\/s +owner hits % +Jain index$/);
    expect(lines.at(-1)).toBe('verdict: none (no thresholds were set)');
    expect(
      headline(modelOf(asked(demo())))
        .split('\n')
        .at(-1),
    ).toBe('verdict: pass');
  });

  it('stay within a hundred columns', () => {
    for (const line of headline(modelOf(manyVariants())).split('\n'))
      expect(line.length).toBeLessThanOrEqual(110);
  });
});

describe('a result whose profile asks questions', () => {
  const QUESTIONS = [SESSIONS, CHECK, CACHING];

  it.each(['text', 'md'] as const)('has as %s all answers on top, then a part each', async (format) => {
    const text = await textOf(format, questions());
    const first = QUESTIONS.map((question) => text.indexOf(question));
    const again = QUESTIONS.map((question, at) => text.indexOf(question, first[at]! + 1));
    const inOrder = [...first, ...again];
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
    expect(first[0]).toBeGreaterThan(0);
    for (const question of QUESTIONS) expect(text.split(question)).toHaveLength(3);
    // The table of results of each part has what only its variants have.
    const own = ['owner hits %', 'wrong allows'].map((head) => text.indexOf(head));
    if (format === 'text') {
      expect(own[0]).toBeGreaterThan(again[0]!);
      expect(own[0]).toBeLessThan(again[1]!);
      expect(own[1]).toBeGreaterThan(again[1]!);
      expect(own[1]).toBeLessThan(again[2]!);
    }
    expect(text).not.toContain('Other variants');
    expect(await textOf(format, questionsAndMore())).toContain('Other variants');
  });

  it('shows in each part only what its variants have', async () => {
    const [, ...parts] = (await textOf('text', questions())).split('\n--- ');
    const having = (head: string): readonly boolean[] => parts.map((part) => part.includes(head));
    expect(having('owner hits %')).toEqual([true, false, false]);
    expect(having('wrong allows')).toEqual([false, true, false]);
    expect(having('ttl 5 s')).toEqual([false, false, true]);
  });

  it('compares nothing across questions', async () => {
    const text = await textOf('text', questions());
    expect(text).not.toMatch(/^introspection +stateless, round-robin/m);
    expect(text).toMatch(/^introspection +none/m);
  });

  it('keeps the charts of its parts apart', () => {
    const names = chartsOf(modelOf(questions())).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['outcomes-1', 'comparison-1', 'comparison-2']));
  });
});
