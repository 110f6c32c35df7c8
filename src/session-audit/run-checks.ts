/** @module Makes the checks one after the other, and keeps what each of them asked about and found. */
import type { Check, CheckContext, Finding, NotRun } from './check.ts';
import type { Client } from './client.ts';
import { AuditEnded, type EndReason } from './ended.ts';
import { type Exchange, subjectOf, unanswered } from './exchange.ts';
import { requestOf, runFlow } from './flow.ts';

export interface RunOptions extends Pick<CheckContext, 'survey' | 'flows' | 'tried' | 'places' | 'seed'> {
  readonly createClient: (identity: number) => Client;
  /** The audit has ended before the first check. */
  readonly ended: EndReason | undefined;
  readonly onCheck: ((check: Check) => void) | undefined;
}

/** What became of one check. */
interface CheckResult {
  readonly check: Check;
  /** Why it was not made, or not to its end. */
  readonly why: NotRun | undefined;
  readonly findings: readonly Finding[];
  readonly subjects: readonly {
    readonly subject: string;
    readonly status: 'found' | 'clean' | 'not-tried';
    readonly why: NotRun | null;
  }[];
  /** Instances that answered. */
  readonly servedBy: readonly string[];
  /** Places that did not answer. */
  readonly unanswered: readonly string[];
}

export interface Checked {
  readonly results: readonly CheckResult[];
  readonly ended: EndReason | undefined;
}

/** Makes `checks`. When the audit ends, the check under way and those after it are not made. */
export async function runChecks(checks: readonly Check[], options: RunOptions): Promise<Checked> {
  let { ended } = options;
  const results: CheckResult[] = [];
  for (const check of checks) {
    const why = ended === undefined ? check.notApplicable(options.survey) : 'ended';
    if (why !== undefined) {
      results.push({ check, why, findings: [], subjects: [], servedBy: [], unanswered: [] });
      continue;
    }
    options.onCheck?.(check);
    const run = new CheckRun(check, options);
    results.push(await run.result());
    ended = run.ended;
  }
  return { results, ended };
}

class CheckRun {
  readonly #check: Check;
  readonly #options: RunOptions;
  readonly #clients: Client[] = [];
  readonly #asked = new Set<string>();
  readonly #servedBy = new Set<string>();
  readonly #skipped = new Map<string, NotRun>();
  readonly #unanswered = new Set<string>();
  ended: EndReason | undefined;

  constructor(check: Check, options: RunOptions) {
    this.#check = check;
    this.#options = options;
  }

  async result(): Promise<CheckResult> {
    const findings = await this.#findings();
    const found = new Set(findings.map(({ subject }) => subject));
    const why = this.#whyNot();
    const others = [...this.#asked].filter((each) => !found.has(each) && !this.#skipped.has(each));
    return {
      check: this.#check,
      why: findings.length > 0 ? undefined : why,
      findings,
      subjects: [
        ...[...found].map((subject) => ({ subject, status: 'found' as const, why: null })),
        ...others.map((subject) =>
          why === undefined
            ? { subject, status: 'clean' as const, why: null }
            : { subject, status: 'not-tried' as const, why },
        ),
        ...[...this.#skipped]
          .filter(([subject]) => !found.has(subject))
          .map(([subject, why]) => ({ subject, status: 'not-tried' as const, why })),
      ],
      servedBy: [...this.#servedBy],
      unanswered: [...this.#unanswered],
    };
  }

  /** Why nothing can be said about what was asked without a finding. */
  #whyNot(): NotRun | undefined {
    if (this.ended !== undefined) return 'ended';
    if (this.#unanswered.size > 0) return 'no-answer';
    if ([...this.#asked].some((subject) => !this.#skipped.has(subject))) return undefined;
    return [...this.#skipped.values()].find((why) => why !== 'nothing-to-ask') ?? 'nothing-to-ask';
  }

  async #findings(): Promise<readonly Finding[]> {
    try {
      return await this.#check.run(this.#context());
    } catch (error) {
      if (!(error instanceof AuditEnded)) throw error;
      this.ended = error.reason;
      return [];
    } finally {
      await Promise.all(this.#clients.map((client) => client.close()));
    }
  }

  #context(): CheckContext {
    const { survey, flows, tried, places, seed, createClient } = this.#options;
    return {
      survey,
      flows,
      tried,
      places,
      seed,
      client: (identity = 0) => {
        const client = createClient(identity);
        client.onExchange = (exchange) => this.#note(exchange);
        this.#clients.push(client);
        return client;
      },
      run: runFlow,
      requestOf,
      skip: (subject, why) => void this.#skipped.set(subject, why),
      saw: (subject) => void this.#asked.add(subject),
    };
  }

  #note(exchange: Exchange): void {
    const { request, servedBy, sentTo } = exchange;
    if (unanswered(exchange)) this.#unanswered.add(servedBy ?? sentTo.name);
    if (request.method !== 'initialize') this.#asked.add(subjectOf(request));
    if (servedBy !== undefined) this.#servedBy.add(servedBy);
  }
}
