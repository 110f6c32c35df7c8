/** @module The part of the page that makes the figures defensible: how they were measured, variant by variant and trial by trial. */
import type { Repetition } from '../../../result/document.ts';
import { WHO_IS_TIMED } from '../../../result/measure/times.ts';
import { settingsText } from '../../authorization/authorized.ts';
import { loadOf, transportTexts } from '../../load-text.ts';
import type { Model, Named } from '../../model.ts';
import { noiseLine } from '../../noise.ts';
import { noteLines } from '../../table/notes.ts';
import { count, figure, list, millis, NOTHING, percent, plural, timeCell } from '../../wording.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { type Column, table } from './table.ts';

/** More events than this add nothing. */
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
      [settings.balancer, settings.policy, settings.effective?.balancer?.tls === true && 'TLS']
        .filter(Boolean)
        .join(', ') || NOTHING,
  },
  { head: 'load', kind: 'text', cell: ({ variant }) => loadOf(variant.settings) },
  { head: 'agents', cell: ({ variant }) => count(variant.settings.agents) },
  { head: 'connections', cell: ({ variant }) => count(variant.settings.connections) },
];

/** Only where some settings say more than the defaults. */
const TRANSPORT: Column<Named> = {
  head: 'transport',
  kind: 'text',
  cell: (row) => transportOf(row) || 'as by default',
};

const transportOf = ({ variant: { settings } }: Named): string =>
  settings.effective === undefined ? '' : transportTexts(settings.effective.load).join(', ');

/** Only where calls are checked. */
const CHECK: Column<Named> = {
  head: 'check',
  kind: 'text',
  cell: ({ variant: { settings } }) =>
    settings.effective?.auth === undefined ? NOTHING : settingsText(settings.effective.auth),
};

const isChecked = ({ variant: { settings } }: Named): boolean =>
  (settings.effective?.auth?.mode ?? 'none') !== 'none';

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
    head: 'of calibrated maximum',
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

function facts(model: Model): readonly (readonly [string, string])[] {
  const { document } = model;
  const { machine } = document;
  const noise = noiseLine(model);
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
      `From the moment a call was due to its last byte. A late send counts against the figure; nothing is corrected afterwards, ${WHO_IS_TIMED}.`,
    ],
    ['warm-up', 'Left out of every figure.'],
    ['percentiles', 'Read from merged HdrHistograms with three significant digits, never averaged.'],
    [
      'order of trials',
      'Repetitions of the variants are interleaved in a counterbalanced order that the seed chooses, so that drift of the machine falls on all of them alike.',
    ],
    ...(noise === undefined ? [] : [['noise', noise] as const]),
    [
      'connections',
      'Shared by all agents of a trial, and kept open unless the load replaces them (load.perConnection) or the other side closes them. Those that the load starts with are opened before the measured time; an open loop opens further ones when all are busy.',
    ],
    ['driver', drivers.length === 0 ? NOTHING : list(drivers)],
    [
      'machine',
      `${machine.cpu}, ${plural(machine.cores, 'core')}, ${figure(machine.memoryBytes / 2 ** 30)} GiB, ${machine.os}, Node ${machine.node.replace(/^v/, '')}, load average ${machine.loadAverage1.toFixed(2)} at the start. Generator, balancer and instances share it when the target is a fleet.`,
    ],
    ['generated by', `Paceline ${document.paceline}, ${document.createdAt}`],
  ];
}

/** What happened during trials that a reader should know of; nothing when nothing did. */
export function events(model: Model): Markup {
  const lines = noteLines(model, 'all');
  if (lines.length === 0) return EMPTY;
  const more =
    lines.length > MOST_EVENTS
      ? html`<li>and ${lines.length - MOST_EVENTS} more in the result file</li>`
      : EMPTY;
  return html`<h2>Warnings and events</h2>
<ul>${lines.slice(0, MOST_EVENTS).map((text) => html`<li>${text}</li>`)}${more}</ul>`;
}

export function method(model: Model): Markup {
  const { variants } = model;
  const trials = variants.flatMap((row) =>
    row.variant.repetitions.map((repetition) => ({ ...row, repetition })),
  );
  const settings = [
    ...SETTINGS,
    ...(variants.some((one) => transportOf(one) !== '') ? [TRANSPORT] : []),
    ...(variants.some(isChecked) ? [CHECK] : []),
  ];
  trials.sort((a, b) => a.repetition.order - b.repetition.order);
  return html`<h2>How this was measured</h2>
<dl>${facts(model).map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>
<h3 class="part">Variants</h3>${table('Settings per variant', settings, variants)}
<h3 class="part">Trials, in the order they ran</h3>${table('Trials and health of the generator', TRIALS, trials)}`;
}
