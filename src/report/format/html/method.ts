/** @module The part of the page that makes the figures defensible: how they were measured, variant by variant and trial by trial. */
import type { Repetition, ResultDocument } from '../../../result/document.ts';
import { WHO_IS_TIMED } from '../../../result/measure/times.ts';
import { loadOf } from '../../load-text.ts';
import type { Model, Named } from '../../model.ts';
import { count, figure, list, millis, NOTHING, percent, plural, timeCell } from '../../wording.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { type Column, table } from './table.ts';

/** More events than this tell nothing new. */
const MOST_EVENTS = 40;

interface Trial extends Named {
  readonly repetition: Repetition;
}

const SETTINGS: readonly Column<Named>[] = [
  { head: 'variant', kind: 'name', cell: (row) => row.name },
  {
    head: 'target',
    kind: 'text',
    cell: ({ variant: { settings } }) => {
      const behind = settings.server ?? (settings.proxy && `through ${settings.proxy}`);
      return behind ? `${settings.target} (${behind})` : settings.target;
    },
  },
  { head: 'era', kind: 'text', cell: ({ variant }) => variant.settings.era },
  {
    head: 'instances',
    cell: ({ variant }) =>
      variant.settings.instances === null ? NOTHING : count(variant.settings.instances),
  },
  {
    head: 'balancer',
    kind: 'text',
    cell: ({ variant: { settings } }) =>
      [settings.balancer, settings.policy].filter(Boolean).join(', ') || NOTHING,
  },
  { head: 'load', kind: 'text', cell: ({ variant }) => loadOf(variant.settings) },
  { head: 'agents', cell: ({ variant }) => count(variant.settings.agents) },
  { head: 'connections', cell: ({ variant }) => count(variant.settings.connections) },
];

const TRIALS: readonly Column<Trial>[] = [
  { head: 'variant', kind: 'name', cell: (row) => row.name },
  { head: 'place', cell: ({ repetition }) => count(repetition.order + 1) },
  { head: 'repetition', cell: ({ repetition }) => count(repetition.index + 1) },
  { head: 'started', unit: 'UTC', cell: ({ repetition }) => repetition.startedAt.slice(11, 19) },
  { head: 'sent', unit: 'calls', cell: ({ repetition }) => count(repetition.calls.sent) },
  { head: 'p99', unit: 'ms', cell: ({ repetition }) => timeCell(repetition.responseTime, 'p99Us') },
  { head: 'send lag p99', unit: 'ms', cell: ({ repetition }) => timeCell(repetition.sendLag, 'p99Us') },
  { head: 'generator CPU', unit: '% of a core', cell: ({ repetition }) => percent(repetition.generator.cpu) },
  {
    head: 'loop delay p99',
    unit: 'ms',
    cell: ({ repetition }) => millis(repetition.generator.eventLoopDelayP99Us),
  },
  {
    head: 'of its ceiling',
    unit: '%',
    cell: ({ repetition: { generator } }) =>
      generator.shareOfCeiling === undefined ? NOTHING : percent(generator.shareOfCeiling),
  },
  { head: 'GC', unit: '%', cell: ({ repetition }) => percent(repetition.generator.gc) },
  {
    head: 'generator-bound',
    kind: 'text',
    cell: ({ repetition: { generator } }) => (generator.bound ? 'yes' : 'no'),
  },
];

function facts(document: ResultDocument): readonly (readonly [string, string])[] {
  const { machine } = document;
  const generators = document.variants.flatMap((variant) =>
    variant.repetitions.map(({ generator }) => generator),
  );
  const drivers = [...new Set(generators.map((one) => `${one.driver} (${plural(one.workers, 'worker')})`))];
  return [
    [
      'load',
      'Open loop unless the load says otherwise: call n falls due at a time computed from n, whatever the answers to earlier calls.',
    ],
    [
      'response time',
      `From the moment a call was due to its last byte. A late send counts against the figure; nothing is corrected afterwards. In it are ${WHO_IS_TIMED}.`,
    ],
    ['warm-up', 'Left out of every figure.'],
    ['percentiles', 'Read from merged HdrHistograms with three significant digits, never averaged.'],
    [
      'order of trials',
      'Repetitions of the variants are interleaved in a seeded order, so that drift of the machine falls on all of them.',
    ],
    ['seed', String(document.seed)],
    ['connections', 'Kept alive, shared by all agents of a trial, opened before the measured time.'],
    ['driver', drivers.length === 0 ? NOTHING : list(drivers)],
    [
      'machine',
      `${machine.cpu}, ${plural(machine.cores, 'core')}, ${figure(machine.memoryBytes / 2 ** 30)} GiB, ${machine.os}, Node ${machine.node.replace(/^v/, '')}, load average ${machine.loadAverage1.toFixed(2)} at the start. Generator, balancer and instances share it when the target is a fleet.`,
    ],
    ['made by', `Paceline ${document.paceline}, ${document.createdAt}`],
  ];
}

/** What happened to a variant, in which repetitions. */
function eventsOf({ name, variant }: Named): readonly string[] {
  const repetitions = new Map<string, string[]>();
  for (const one of variant.repetitions) {
    for (const note of [...(one.complete ? [] : ['cut short']), ...one.generator.reasons, ...one.notes]) {
      repetitions.set(note, [...(repetitions.get(note) ?? []), String(one.index + 1)]);
    }
  }
  return [...repetitions].map(
    ([note, of]) => `“${name}” repetition${of.length === 1 ? '' : 's'} ${list(of)}: ${note}`,
  );
}

/** What happened during trials that a reader should know of; nothing when nothing did. */
export function events({ variants }: Model): Markup {
  const rows = variants.flatMap(eventsOf);
  if (rows.length === 0) return EMPTY;
  const more =
    rows.length > MOST_EVENTS
      ? html`<li>and ${rows.length - MOST_EVENTS} more in the result file</li>`
      : EMPTY;
  return html`<h2>Warnings and events</h2>
<ul>${rows.slice(0, MOST_EVENTS).map((text) => html`<li>${text}</li>`)}${more}</ul>`;
}

export function method({ document, variants }: Model): Markup {
  const trials = variants.flatMap((row) =>
    row.variant.repetitions.map((repetition) => ({ ...row, repetition })),
  );
  trials.sort((a, b) => a.repetition.order - b.repetition.order);
  return html`<h2>How this was measured</h2>
<dl>${facts(document).map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>
<h3 class="part">Variants</h3>${table('Settings per variant', SETTINGS, variants)}
<h3 class="part">Trials, in the order they ran</h3>${table('Trials and health of the generator', TRIALS, trials)}`;
}
