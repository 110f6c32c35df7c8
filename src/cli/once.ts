/** @module `paceline run PROFILE --once`: makes each call of each variant once and prints the request and response of failed calls. */
import { type MadeCall, type TriedCall, tryCalls } from '../experiment/once.ts';
import type { Profile } from '../profile/settings.ts';
import { exchangeLines } from '../report/format/exchange.ts';
import { plain, plural } from '../report/wording.ts';
import { formatMicros } from '../units/time.ts';
import { EXIT } from './exit.ts';
import { listenForInterrupt } from './interrupt.ts';
import { type ProfileOptions, tlsOf } from './options.ts';
import { preparingOn } from './preparing.ts';
import type { Terminal } from './terminal.ts';

/** Resolves with the exit code: {@link EXIT.threshold} when a call did not end `ok`. */
export async function once(profile: Profile, options: ProfileOptions, terminal: Terminal): Promise<number> {
  const interrupt = listenForInterrupt(() => terminal.say('interrupted: stopping'));
  const tried: TriedCall[] = [];
  const { signal } = interrupt;
  const onPreparing = preparingOn(terminal);
  for await (const call of tryCalls({
    profile,
    seed: options.seed,
    ...tlsOf(options),
    onPreparing,
    signal,
  })) {
    tried.push(call);
    for (const line of linesOf(call)) await terminal.print(`${line}\n`);
  }
  const made = tried.filter(({ kind }) => kind === 'made').length;
  const failed = tried.filter((call) => call.kind === 'made' && call.outcome !== 'ok').length;
  if (signal.aborted) {
    const all = profile.variants.reduce((sum, { settings }) => sum + settings.calls.length, 0);
    const open = all - made;
    terminal.say(
      `interrupted after ${made} of ${plural(all, 'call')}, ${failed} failed; ${open} ${open === 1 ? 'was' : 'were'} not made or not answered`,
    );
    return EXIT.interrupted;
  }
  const unreached = tried.length - made;
  const rest = unreached === 0 ? '' : `, ${unreached} not reached`;
  terminal.tell(`${plural(made, 'call')} made once, ${failed} failed${rest}`);
  return failed > 0 ? EXIT.threshold : EXIT.pass;
}

function linesOf(tried: TriedCall): readonly string[] {
  if (tried.kind === 'made') return madeLines(tried);
  const { variant, call, after } = tried;
  return [`${variant}: ${call}: not reached, because ${after} did not end ok`];
}

/** One line for a call that ended `ok`; for any other call also its requests and responses. */
function madeLines({
  variant,
  call,
  outcome,
  detail,
  servedBy,
  serviceTimeUs,
  exchanges,
  secretHeaders,
}: MadeCall): readonly string[] {
  const by = servedBy === undefined ? '' : `, instance ${plain(servedBy)}`;
  const title = `${variant}: ${call}: ${outcome}`;
  if (outcome === 'ok') return [`${title} in ${formatMicros(serviceTimeUs)}${by}`];
  const shown = exchanges.flatMap(({ request, answer }) => [
    ...exchangeLines(request, answer, secretHeaders),
    '',
  ]);
  return [
    `${title}${detail === undefined ? '' : `: ${plain(detail)}`}${by}`,
    ...shown.map((line) => `  ${line}`),
  ];
}
