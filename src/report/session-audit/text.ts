/** @module An audit as lines for a terminal of 80 columns: findings first, then what was tried and what was not. */
import type { SessionAudit } from '../../session-audit/document.ts';
import { columns } from '../format/columns.ts';
import { plain } from '../wording.ts';
import {
  answerText,
  countsText,
  differsText,
  extentLines,
  madeText,
  NOT_CALLED,
  notRunText,
  requestText,
  whereText,
} from './sentences.ts';

type Finding = SessionAudit['findings'][number];

const WIDTH = 79;
/** Of what an exchange shows: two lines. */
const SHOWN = 2 * (WIDTH - 10) - 3;

export function sessionAuditLines(audit: SessionAudit): readonly string[] {
  const { target, findings } = audit;
  return [
    plain(target.url),
    ...extentLines(audit).flatMap((line) => wrapped(line, '')),
    '',
    ...findings.flatMap((finding) => [...findingLines(finding), '']),
    ...checkLines(audit),
    '',
    ...toolLines(audit),
    '',
    countsText(audit),
    madeText(audit),
  ];
}

function findingLines(finding: Finding): readonly string[] {
  const { check, severity, subject, title, seen, fix, evidence } = finding;
  return [
    ...wrapped(`${severity} ${check}: ${title}`, '', '  '),
    ...wrapped(`seen  ${plain(subject)}: ${plain(seen)}`, '  ', '        '),
    ...([0, 1] as const).flatMap((index) => [
      ...wrapped(whereText(evidence[index]), '  ', '    '),
      ...wrapped(`> ${requestText(evidence[index], SHOWN)}`, '    ', '      '),
      ...wrapped(`< ${answerText(evidence[index], SHOWN)}`, '    ', '      '),
      ...differsLines(differsText(finding, index)),
    ]),
    ...wrapped(`fix   ${fix}`, '  ', '        '),
  ];
}

const differsLines = (text: string): readonly string[] =>
  text === '' ? [] : wrapped(text, '      ', '      ');

const MARKS = { found: 'found', clean: 'nothing found', 'not-run': 'not made' } as const;

function checkLines(audit: SessionAudit): readonly string[] {
  const { checks } = audit;
  const tried = checks.filter(({ status }) => status !== 'not-run');
  const rows = tried.map(({ name, status, subjects }) => [
    name,
    MARKS[status],
    subjects
      .filter((one) => one.status !== 'not-tried')
      .map(({ subject }) => plain(subject))
      .join(', '),
  ]);
  const lines = rows.length === 0 ? [] : columns([['check', 'result', 'asked about'], ...rows], [1, 2]);
  const indent = ' '.repeat(Math.max(0, (lines[0] ?? '').indexOf('asked about')));
  return [
    ...lines.flatMap((line) => wrapped(line, '', indent)),
    ...checks
      .filter(({ status }) => status === 'not-run')
      .flatMap((check) =>
        wrapped(`${check.name}: not made: ${notRunText(check.why!, check, audit)}`, '', '  '),
      ),
    ...tried.flatMap((check) =>
      check.subjects
        .filter(({ status }) => status === 'not-tried')
        .flatMap(({ subject, why }) =>
          wrapped(`${check.name}: ${plain(subject)} not tried: ${notRunText(why!, check, audit)}`, '', '  '),
        ),
    ),
  ];
}

function toolLines({ tools }: SessionAudit): readonly string[] {
  const called = tools.filter(({ notCalled }) => notCalled === null).map(({ name }) => plain(name));
  return [
    ...wrapped(`tools that could be called: ${called.length === 0 ? 'none' : called.join(', ')}`, '', '  '),
    ...tools
      .filter(({ notCalled }) => notCalled !== null)
      .flatMap(({ name, notCalled }) => wrapped(`${plain(name)}: ${NOT_CALLED[notCalled!]}`, '', '  ')),
  ];
}

/** `text` in lines of at most {@link WIDTH} characters. Lines after the first begin with `next`. A word is broken only if it is longer than such a line. */
function wrapped(text: string, first: string, next: string = first): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let rest = text;
  while (line.length + rest.length > WIDTH) {
    const room = WIDTH - line.length;
    const space = rest.lastIndexOf(' ', room);
    const word = rest.slice(space + 1).split(' ', 1)[0]!;
    const end = space > 0 && word.length <= WIDTH - next.length ? space : room;
    lines.push(`${line}${rest.slice(0, end)}`.trimEnd());
    rest = rest.slice(end).trimStart();
    line = next;
  }
  return [...lines, `${line}${rest}`];
}
