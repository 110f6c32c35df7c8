import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf } from '../../../test/programs.ts';
import type { SessionAudit } from '../../session-audit/document.ts';
import { scratch } from '../../units/scratch.case.ts';
import { evaluate, openTab, show, showAtEach, type Tab } from '../chromium.case.ts';
import { page } from '../format/html/page.ts';
import { modelOf } from '../model.ts';
import { expectFit, expectWholeTexts } from '../page-checks.case.ts';
import { demo } from '../sample-document.case.ts';
import { sessionAuditPage, sessionAuditSection } from './page.ts';
import { CLEAN, FAULTY } from './session-audit.case.ts';

/** Forty tools with long names, and answers without a space. */
const WIDE: SessionAudit = {
  ...FAULTY,
  checks: FAULTY.checks.map((check) => ({
    ...check,
    subjects: Array.from({ length: 40 }, (_, index) => ({
      subject: `tool_with_a_long_name_${index}`,
      status: 'clean' as const,
      why: null,
    })),
  })),
  findings: FAULTY.findings.map((finding) => ({
    ...finding,
    differs: { at: `/${'member/'.repeat(30)}`, values: [`"${'x'.repeat(120)}"`, null] },
  })),
};

/** As many tools as the page has room for. */
const FILLING: SessionAudit = {
  ...FAULTY,
  checks: WIDE.checks.map((check) => ({ ...check, subjects: check.subjects.slice(0, 18) })),
};

const PAGES: Readonly<Record<string, () => Promise<string>>> = {
  faulty: () => sessionAuditPage(FAULTY),
  clean: () => sessionAuditPage(CLEAN),
  wide: () => sessionAuditPage(WIDE),
  filling: () => sessionAuditPage(FILLING),
  'a section of a run': () => page({ ...modelOf(demo()), audit: WIDE }),
};
const NAMES = Object.keys(PAGES);

describe('the page of an audit in a real browser', { tags: ['chromium'] }, () => {
  const folder = scratch();
  let tab: Tab;
  const urlOf = (name: string): string => pathToFileURL(join(folder, `${name}.html`)).href;

  beforeAll(async () => {
    for (const name of NAMES) writeFileSync(join(folder, `${name}.html`), await PAGES[name]!());
    tab = await openTab(fileOf('chromium')!);
  });
  afterAll(() => tab?.close());

  it.each(NAMES)(
    '%s does not scroll sideways, cuts off no text of the matrix, and shows exchanges in whole lines on a phone',
    async (name) => {
      const cutLines = `[...document.querySelectorAll('.exchange, .exchange *')]
        .filter((each) => each.scrollWidth > each.clientWidth && each.clientWidth > 0).map((each) => each.tagName)`;
      await showAtEach(tab, urlOf(name), [360, 390, 1280], async (width) => {
        await expectFit(tab, width);
        await expectWholeTexts(tab, width);
        if (width === 390) expect.soft(await evaluate(tab, cutLines)).toEqual([]);
      });
    },
  );

  it('says in a section which servers were asked, and when, if the audit has that', async () => {
    const audit = { ...FAULTY, createdAt: '2026-11-26T12:30:00.000Z' };
    const [dated, undated] = await Promise.all([audit, FAULTY].map((one) => sessionAuditSection(one)));
    expect(dated!.markup).toContain('asked http://127.0.0.1:3000/mcp at 2026-11-26 12:30 UTC.');
    expect(undated!.markup).toContain('asked http://127.0.0.1:3000/mcp.');
  });

  it('names the profile of the run beside an audit of another one', async () => {
    const of = async (file?: string) => (await sessionAuditSection(FAULTY, file)).markup;
    expect(await of('other.yaml')).toContain('The load is that of another file, other.yaml.');
    for (const file of [FAULTY.profile!.file, undefined])
      expect(await of(file)).not.toContain('another file');
  });

  it.each([
    ['wide', 390, true],
    ['wide', 1280, true],
    ['faulty', 390, true],
    ['faulty', 1280, false],
    ['filling', 1280, false],
  ] as const)(
    'fades the matrix of %s at %d px where it goes on, and only there',
    async (name, width, goesOn) => {
      await show(tab, urlOf(name), width);
      // Whether the drawing goes on under the fade at the edge: at first, and when it was scrolled to its end.
      const covered = `(() => {
      const region = [...document.querySelectorAll('.wider')].find((each) => each.clientWidth > 0);
      const [svg, fade] = ['svg', '.fade'].map((each) => region.querySelector(each));
      const covers = () =>
        fade.getBoundingClientRect().height >= svg.getBoundingClientRect().height &&
        svg.getBoundingClientRect().right > fade.getBoundingClientRect().left + 1;
      const first = covers();
      region.scrollLeft = region.scrollWidth;
      return [first, covers(), region.scrollLeft > 0];
    })()`;
      expect(await evaluate(tab, covered)).toEqual([goesOn, false, goesOn]);
    },
  );
});
