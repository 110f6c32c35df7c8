/** @module How long the stages of allowed calls took, as the answers say. */
import type { AuthTimingSettings } from '../../profile/settings.ts';
import type { Micros } from '../../units/time.ts';
import { clampTime, Tally } from '../histogram.ts';
import type { AuthCounts } from './auth-counts.ts';
import { bareDuration, durationOf, NO_DURATION } from './server-timing.ts';

const HANDLER = 'tool';

/** The times of one worker. */
export class StageTimes {
  readonly #names: AuthTimingSettings;
  readonly #bare: boolean;
  readonly #check = new Tally();
  readonly #policy = new Tally();
  readonly #handler = new Tally();
  #untimed = 0;

  constructor(names: AuthTimingSettings) {
    this.#names = names;
    this.#bare = names.header !== 'server-timing';
  }

  /** Takes the value of the header of one answer. */
  add(field: string | undefined): void {
    const checkUs = this.#read(field, this.#names.auth);
    if (field === undefined || checkUs === NO_DURATION) this.#untimed += 1;
    else this.#check.record(clampTime(checkUs));
    if (field === undefined || this.#bare) return;
    record(this.#policy, durationOf(field, this.#names.policy));
    record(this.#handler, durationOf(field, HANDLER));
  }

  counts(): Pick<AuthCounts, 'check' | 'policy' | 'handler' | 'untimed'> {
    return {
      check: this.#check.series(),
      policy: this.#policy.series(),
      handler: this.#handler.series(),
      untimed: this.#untimed,
    };
  }

  #read(field: string | undefined, name: string): Micros {
    if (field === undefined) return NO_DURATION;
    return this.#bare ? bareDuration(field) : durationOf(field, name);
  }
}

function record(tally: Tally, us: Micros): void {
  if (us !== NO_DURATION) tally.record(clampTime(us));
}
