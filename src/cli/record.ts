/** @module `paceline record`: records the calls that clients make to a server. */

import { once } from 'node:events';
import { type Capture, startCapture } from '../capture/capture.ts';
import type { RecordedCounts } from '../capture/recorder.ts';
import { describeSystemError } from '../process/system-error.ts';
import { plural } from '../report/wording.ts';
import { after, type Cancel } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { checkedUrl } from './checked-url.ts';
import { EXIT } from './exit.ts';
import { listenForInterrupt } from './interrupt.ts';
import { tlsOf } from './options.ts';
import { openTerminal } from './terminal.ts';

export interface RecordOptions {
  readonly target: string;
  readonly listen?: number;
  readonly out: string;
  readonly duration?: Micros;
  readonly insecure: boolean;
  readonly caFile?: string;
  readonly json: boolean;
}

/** Records until Ctrl-C, or for the duration; resolves with `inconclusive` when no call was made. Rejects with a `UserError` when the trace cannot be written. */
export async function record(options: RecordOptions): Promise<number> {
  const { out, duration, listen, json } = options;
  const terminal = openTerminal({ quiet: false, data: json });
  const target = targetOf(options.target);
  const interrupt = listenForInterrupt(() => undefined);
  const end = new AbortController();
  let failure: unknown;
  const capture = await startCapture({
    target,
    port: listen,
    out,
    ...tlsOf(options),
    onFailure(error) {
      failure = error;
      end.abort();
    },
  });
  terminal.tell(`recording to ${out}: point clients at ${capture.url}; Ctrl-C ends the recording`);
  if (json) await terminal.print(`${JSON.stringify({ url: capture.url, out })}\n`);
  const stopTimer: Cancel = duration === undefined ? () => {} : after(duration, () => end.abort());
  const signal = AbortSignal.any([interrupt.signal, end.signal]);
  if (!signal.aborted) await once(signal, 'abort');
  stopTimer();
  const counts = await ended(capture);
  for (const line of linesOf(counts, out)) terminal.tell(line);
  if (failure !== undefined) throw cutOff(out, counts, failure);
  return counts.calls === 0 ? EXIT.inconclusive : EXIT.pass;
}

async function ended(capture: Capture): Promise<RecordedCounts> {
  // What is under way now has no end in the trace, also when closing its connection ends it.
  const counts = capture.counts();
  await capture.close();
  return counts;
}

function targetOf(text: string): URL {
  const url = new URL(checkedUrl(text, '--target'));
  if (`${url.search}${url.username}${url.password}` !== '') {
    throw new UserError({
      where: '--target',
      what: 'the URL has a query string or a user in it',
      expected: 'the URL without them',
      todo: 'let the clients send them: requests are passed on as they come',
    });
  }
  return url;
}

function linesOf(counts: RecordedCounts, out: string): readonly string[] {
  const { calls, agents, linked, hidden, secretsRemoved, omitted, underWay } = counts;
  if (calls === 0) return [`no call was made, so there is no ${out}`];
  return [
    `recorded ${plural(calls, 'call')} of ${plural(agents, 'caller')} in ${out}`,
    ...(linked > 0
      ? [`  ${plural(linked, 'uses', 'use')} values from earlier results: the trace says from which`]
      : []),
    `  secrets removed: ${secretsRemoved}${hidden > 0 ? `, from the parameters of ${plural(hidden, 'call')}` : ''}`,
    ...(omitted > 0 ? [`  ${omitted} had parameters that were too long, which are not recorded`] : []),
    ...(underWay > 0 ? [`  ${underWay} had not ended`] : []),
  ];
}

function cutOff(out: string, { calls }: RecordedCounts, cause: unknown): UserError {
  const { code } = cause as NodeJS.ErrnoException;
  const what =
    code === 'ENOSPC'
      ? `${out}: no space is left on that disk`
      : `${out} cannot be written: ${describeSystemError(cause)}`;
  return new UserError(
    {
      where: '--out',
      what: `${what}; the recording ended at call ${calls}`,
      todo: 'free up space, or choose another place',
    },
    { cause },
  );
}
