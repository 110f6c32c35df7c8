import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf } from '../../../test/programs.ts';
import { type SessionAudit, sessionAudit } from '../../session-audit/document.ts';
import { drawSvg } from '../chart/draw.ts';
import { renderSessionAudit } from './formats.ts';
import { auditMatrix } from './matrix.ts';
import { CLEAN, FAULTY } from './session-audit.case.ts';

const SCHEMA = resolve(import.meta.dirname, '../../../test/junit.xsd');
const SAMPLES = [
  ['faulty', FAULTY],
  ['clean', CLEAN],
] as const;

describe.each(SAMPLES)('an audit: %s', (name, audit) => {
  it('is a valid document', async () => {
    expect(sessionAudit.parse(JSON.parse(await renderSessionAudit(audit, 'json')))).toEqual(audit);
  });

  it('reads as in its golden file, in 80 columns, without control characters', async () => {
    const text = await renderSessionAudit(audit, 'text');
    await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(80);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('is valid JUnit XML', { tags: ['xmllint'] }, async () => {
    const xml = await renderSessionAudit(audit, 'junit');
    await expect(xml).toMatchFileSnapshot(`golden/${name}.junit.xml`);
    execFileSync(fileOf('xmllint')!, ['--noout', '--schema', SCHEMA, '-'], { input: xml, stdio: 'pipe' });
  });

  it('makes a page that asks for nothing, runs nothing, and shows names as text', async () => {
    const page = await renderSessionAudit(audit, 'html');
    expect(page).not.toMatch(/<script|<b>two|https?:\/\/(?!www\.w3\.org|127\.0\.0\.1)/);
    expect(page).toContain(
      audit.findings.length === 0 ? 'Not complete: nothing found so far' : 'Unknown basket b-7',
    );
    expect(page).toContain('id="audit-matrix"');
  });
});

it('names the profile and the variant that were audited, in every format', async () => {
  const [text, json, junit, page] = await Promise.all(
    (['text', 'json', 'junit', 'html'] as const).map((format) => renderSessionAudit(FAULTY, format)),
  );
  expect(text!.replaceAll('\n', ' ')).toContain(
    'Audit of variant two copies of shop/<baskets>.yaml; 2 others not audited (choose with --variant).',
  );
  expect(JSON.parse(json!)).toMatchObject({ profile: FAULTY.profile });
  expect(junit).toContain('"Hidden sessions: variant two copies of shop/&lt;baskets&gt;.yaml, http://');
  expect(page).toContain('variant two copies of shop/&lt;baskets&gt;.yaml');
});

it('names the instance that stopped answering, in every format', async () => {
  const [check, ...others] = CLEAN.checks;
  const silent: SessionAudit['checks'][number] = {
    ...check!,
    status: 'not-run',
    why: 'no-answer',
    unanswered: ['2'],
  };
  const audit: SessionAudit = {
    ...CLEAN,
    target: FAULTY.target,
    ended: null,
    unanswered: ['2'],
    checks: [silent, ...others],
  };
  for (const format of ['text', 'junit', 'html'] as const)
    expect(await renderSessionAudit(audit, format)).toContain('instance 2 stopped answering');
  expect(await renderSessionAudit(audit, 'text')).toContain('It is not complete: instance 2 stopped');
});

it('says once that it is not complete, with all reasons', async () => {
  const audit: SessionAudit = { ...CLEAN, ended: 'time', unanswered: ['2'], notListed: ['tools/list'] };
  const text = (await renderSessionAudit(audit, 'text')).replace(/\s+/g, ' ');
  expect(text.match(/not everything/g)).toHaveLength(1);
  expect(text).toContain(
    'It is not complete: it ended at the limit of time (--budget); 2 stopped answering; tools/list could not be read. What follows is not everything.',
  );
});

it.each(['text', 'junit', 'html'] as const)(
  'says as %s that a check had nothing to ask, and of what',
  async (format) => {
    expect(await renderSessionAudit(CLEAN, format)).toContain('nothing to ask: no call became a task');
  },
);

it('ends with how many checks were made, and what makes the others', async () => {
  const left = CLEAN.checks.map((check) => ({
    ...check,
    status: 'not-run' as const,
    why: 'not-pinned' as const,
  }));
  const lastOf = async (audit: SessionAudit) =>
    (await renderSessionAudit(audit, 'text')).trim().split('\n').at(-1);
  expect(await lastOf(CLEAN)).toBe('3 of 5 checks made; 1 had nothing to ask');
  expect(await lastOf({ ...CLEAN, checks: [CLEAN.checks[0]!, ...left.slice(1)] })).toBe(
    '1 of 5 checks made; give --instance for the others',
  );
});

describe('an audit that could make few checks because instances have no addresses', () => {
  const few = (profile?: SessionAudit['profile']): SessionAudit => ({
    ...CLEAN,
    complete: true,
    ended: null,
    ...(profile !== undefined && { profile }),
    checks: CLEAN.checks.map((check, index) =>
      index === 0 ? check : { ...check, status: 'not-run', why: 'not-pinned' },
    ),
  });

  it('says so before all else', async () => {
    const lines = (await renderSessionAudit(few(), 'text')).split('\n');
    expect(lines.slice(1, 3).join(' ')).toBe(
      'It tells little: 1 of 5 checks made; give --instance for the others. Most need instances with addresses of their own.',
    );
    const page = await renderSessionAudit(few(), 'html');
    expect(page).toContain('<h1>Nothing found, by few of the checks</h1>');
    expect(page).not.toContain('No hidden session found');
  });

  it('does not ask for a flag that a profile refuses', async () => {
    expect(await renderSessionAudit(few(FAULTY.profile), 'text')).not.toContain('give --instance');
  });

  it('says nothing of the kind where most were made', async () => {
    expect(await renderSessionAudit(CLEAN, 'text')).not.toContain('tells little');
  });
});

describe('the evidence of a finding', () => {
  const [finding] = FAULTY.findings;
  const [here, there] = finding!.evidence;
  const withEvidence = (change: {
    readonly request?: Partial<typeof there.request>;
    readonly answer?: Partial<typeof there.answer>;
  }): SessionAudit => ({
    ...FAULTY,
    findings: [
      {
        ...finding!,
        evidence: [
          here,
          {
            ...there,
            request: { ...there.request, ...change.request },
            answer: { ...there.answer, error: undefined, ...change.answer },
          },
        ],
      },
    ],
  });

  it.each(['text', 'junit', 'html'] as const)(
    'shows as %s the text of a tool error, wherever it stands',
    async (format) => {
      const audit = withEvidence({
        answer: {
          outcome: 'tool-error',
          result: {
            _meta: { trace: 'x'.repeat(290) },
            isError: true,
            content: [{ type: 'text', text: 'no such handle' }],
          },
          detail: 'no such handle',
        },
      });
      expect(await renderSessionAudit(audit, format)).toContain('tool-error, HTTP 200: no such handle');
    },
  );

  it.each(['text', 'junit', 'html'] as const)('shows as %s the requestState of a retry', async (format) => {
    const audit = withEvidence({
      request: { params: { name: 'book_table', arguments: { people: 1 }, requestState: 'state-4711' } },
    });
    expect(await renderSessionAudit(audit, format)).toMatch(/requestState\s+("|&quot;)state-4711/);
  });
});

describe('the audit matrix', () => {
  it('has a cell for each check and subject', () => {
    expect(auditMatrix(FAULTY)!.table).toEqual({
      columns: ['check', 'get_basket', 'create_basket', 'tools/list'],
      rows: [
        ['handle-unknown', 'found', 'nothing found', 'not tried'],
        ['old-feature', 'not tried', 'not tried', 'found'],
        ['decided-differently', 'not tried', 'not tried', 'not tried'],
        ['result-differs', 'found', 'not tried', 'not tried'],
        ['task-unknown', 'nothing to ask', 'nothing to ask', 'nothing to ask'],
      ],
    });
  });

  it.each(['wide', 'narrow'] as const)('is drawn %s', async (width) => {
    const svg = await drawSvg(auditMatrix(FAULTY)!.spec(width), 'matrix');
    for (const name of ['handle-unknown', 'create_basket', 'not tried']) expect(svg).toContain(name);
  });

  it('is left out where no check asked about anything', () => {
    expect(auditMatrix({ ...FAULTY, checks: [] })).toBeUndefined();
  });
});
