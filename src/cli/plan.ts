/** @module `paceline run PROFILE --plan`: prints every trial with its settings and the expected duration of the run; runs nothing. */
import { fixedPlan } from '../experiment/plan/fixed.ts';
import type { Trial } from '../experiment/plan/plan.ts';
import { preflight } from '../experiment/preflight.ts';
import { settingsInForce } from '../experiment/settings-in-force.ts';
import type { CallSettings, CallStep, FlowSettings, Profile, Variant } from '../profile/settings.ts';
import { columns } from '../report/format/columns.ts';
import { loadOf, transportTexts } from '../report/load-text.ts';
import { plain, plural } from '../report/wording.ts';
import { formatMicros, formatMinutes, type Micros } from '../units/time.ts';
import { EXIT } from './exit.ts';
import { type ProfileOptions, tlsOf } from './options.ts';
import type { Terminal } from './terminal.ts';
import { loadUs, START_AND_STOP_US } from './time-left.ts';

/** Checks every variant and prints what `profile` would run; resolves with the exit code. */
export async function printPlan(
  profile: Profile,
  options: ProfileOptions,
  terminal: Terminal,
): Promise<number> {
  await preflight(profile.variants, tlsOf(options).tls);
  for (const notice of profile.notices) terminal.say(`note: ${notice}`);
  await terminal.print(`${planLines(profile, options.seed).join('\n')}\n`);
  return EXIT.pass;
}

/** The lines that describe what `profile` would run with `seed`. */
export function planLines(profile: Profile, seed: number): readonly string[] {
  const trials = fixedPlan(profile, seed).ahead([]);
  const underLoadUs = trials.reduce((sum, trial) => sum + loadUs(trial), 0);
  const wholeUs = underLoadUs + trials.length * START_AND_STOP_US;
  const counts = `${plural(profile.variants.length, 'variant')}, ${plural(trials.length, 'trial')}`;
  return [
    `${plain(profile.title)}: ${counts}, about ${formatMinutes(wholeUs)} in all, ${formatMinutes(underLoadUs)} of it under load; seed ${seed}`,
    ...profile.variants.flatMap((variant) => ['', ...variantLines(variant)]),
    '',
    ...columns([['trial', 'starts after', 'repetition', 'variant'], ...rowsOf(trials)], [3]),
    ...(profile.thresholds.length === 0 ? [] : ['', 'thresholds', ...profile.thresholds.map(indented)]),
  ];
}

const indented = (line: string): string => `  ${line}`;

function variantLines(variant: Variant): readonly string[] {
  const { load, calls, flows = [], faults = [] } = variant.settings;
  const settings = settingsInForce(variant, undefined);
  const { server, instances, target, balancer, policy, effective } = settings;
  const transport = effective === undefined ? [] : transportTexts(effective.load);
  const era = variant.settings.endpoint.era === 'auto' ? 'era to be detected' : `era ${settings.era}`;
  const against =
    server === null ? `${target}, ${era}` : `${plural(instances ?? 1, 'instance')} of ${server}, ${era}`;
  const single = calls.filter(({ weight }) => weight > 0);
  const weights = [...calls, ...flows].reduce((sum, { weight }) => sum + weight, 0);
  const share = (weight: number): string => `${Math.round((100 * weight) / weights)} %`;
  const rows = [
    ['load', loadOf(settings)],
    ['', `${plural(load.agents, 'agent')}, ${plural(load.connections, 'connection')}, driver ${load.driver}`],
    ...(transport.length === 0 ? [] : [['', transport.join(', ')]]),
    ...(single.length === 0
      ? []
      : [['calls', single.map(({ name, weight }) => `${name} ${share(weight)}`).join(', ')]]),
    ...flows.map((flow) => ['flow', `${flow.name} ${share(flow.weight)}: ${flowText(flow, calls)}`]),
    ['against', against],
    ...(balancer === null
      ? []
      : [['balancer', `${balancer}, ${policy}${effective?.balancer?.tls === true ? ', TLS' : ''}`]]),
    ...faults.map(({ kind, atUs }) => ['fault', `${kind} after ${formatMinutes(atUs)}`]),
  ];
  return [variant.name, ...columns(rows, [1]).map(indented)];
}

/** The steps of a flow in a few words: `tools/call add x 3, think 200 ms, (tools/list | tools/call get)`. */
function flowText({ name, steps }: FlowSettings, calls: readonly CallSettings[]): string {
  const callText = ({ call, repeat }: CallStep): string =>
    `${calls[call]!.name.slice(`${name} / `.length)}${repeat === 1 ? '' : ` x ${repeat}`}`;
  return steps
    .map((step) => {
      if (step.kind === 'call') return callText(step);
      if (step.kind === 'parallel') return `(${step.steps.map(callText).join(' | ')})`;
      const { minUs, maxUs } = step;
      return `think ${formatMicros(minUs)}${minUs === maxUs ? '' : ` to ${formatMicros(maxUs)}`}`;
    })
    .join(', ');
}

function rowsOf(trials: readonly Trial[]): readonly (readonly string[])[] {
  let startUs: Micros = 0;
  return trials.map((trial) => {
    const row = [`${trial.order + 1}`, formatMinutes(startUs), `${trial.index + 1}`, trial.variant.name];
    startUs += loadUs(trial) + START_AND_STOP_US;
    return row;
  });
}
