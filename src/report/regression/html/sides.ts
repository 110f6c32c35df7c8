/** @module The parts of the page of a comparison that say what was compared, how it was judged, and how to run it again. */
import type { ComparisonDocument, Side } from '../../../result/regression/document.ts';
import { preformatted } from '../../format/html/reproduce.ts';
import { plainTable } from '../../format/html/table.ts';
import { EMPTY, html, type Markup } from '../../format/markup.ts';
import { commandLine } from '../../reproduction.ts';
import { figure, plain, plural } from '../../wording.ts';
import { comparisonCommand } from '../commands.ts';
import { marginSentence } from '../sentences.ts';

/** More files than this are counted. */
const MOST_FILES = 20;

/** In what the sides differ besides the code that was measured. */
export function unlike({ unlike: differences }: ComparisonDocument): Markup {
  const found =
    differences.length === 0
      ? html`<p>Machine, version of Node.js, version of Paceline, seed, profile and driver are the same on both sides.</p>`
      : plainTable(
          'What differs between the sides',
          ['what', 'base', 'candidate', 'consequence'],
          differences.map(({ what, base, candidate, consequence }) => [
            plain(what),
            plain(base),
            plain(candidate),
            consequence === 'refused' ? 'cannot be compared' : 'compare with care',
          ]),
        );
  return html`<h2>What differs between the sides</h2>${found}`;
}

/** How a verdict comes about. */
export function judged(document: ComparisonDocument): Markup {
  const level = `${document.level * 100} %`;
  const facts = [
    [
      'unit',
      'The repetition. The first of one side is paired with the first of the other, which had the same arrivals, and so on.',
    ],
    [
      'test',
      `Three-sided, on a margin: a metric regressed or improved when the whole interval lies beyond the margin, is the same when it lies within, and is undecided otherwise (Goeman, Solari and Stijnen 2010). ${marginSentence(document)}`,
    ],
    [
      'error rate',
      `Claims about the headline metrics are wrong in ${level} of comparisons at most, and so are those about all other metrics together (Holm's correction).`,
    ],
    ['judged by', `Paceline ${document.paceline}, ${document.createdAt}`],
  ] as const;
  return html`<h2>How this was judged</h2>
<dl>${facts.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>`;
}

function sidePart(name: string, side: Side): Markup {
  const { label, createdAt, paceline, seed, machine, command, revision, files } = side;
  const facts = [
    ['measured', `${plain(label)}, ${createdAt}`],
    ...(revision === undefined ? [] : [['revision', plain(revision)]]),
    ['seed', String(seed)],
    ['version', `Paceline ${paceline}, Node ${machine.node.replace(/^v/, '')}`],
    [
      'machine',
      `${machine.cpu}, ${plural(machine.cores, 'core')}, ${figure(machine.memoryBytes / 2 ** 30)} GiB, ${machine.os}`,
    ],
    ['files', filesText(files)],
  ] as const;
  return html`<h3 class="part">${name}</h3>
<dl>${facts.map(([term, text]) => html`<dt>${term!}</dt><dd>${text!}</dd>`)}</dl>
${command === undefined ? EMPTY : preformatted(`Command line of the ${name.toLowerCase()}`, commandLine(command))}`;
}

const filesText = (files: readonly string[]): string =>
  files.length <= MOST_FILES
    ? files.map(plain).join(', ')
    : `${files.slice(0, MOST_FILES).map(plain).join(', ')} and ${files.length - MOST_FILES} more`;

/** How to measure both sides and compare them again. */
export function reproduce(document: ComparisonDocument): Markup {
  return html`<h2>Reproduce this comparison</h2>
${sidePart('Base', document.base)}
${sidePart('Candidate', document.candidate)}
<h3 class="part">Comparison</h3>
${preformatted('Command line of the comparison', comparisonCommand(document))}`;
}
