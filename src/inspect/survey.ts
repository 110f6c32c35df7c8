/** @module Asks a server what its checks need, several times: over several connections in turn, which alternate the identities. */
import { asObject, type InspectedAnswer, type OtherAnswer } from './answer.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { read } from './read.ts';
import { grouped, nameOf, type Reading, type Seen, type Subject, type Uncacheable } from './seen.ts';

/** An identity, as its requests say it. */
export interface InspectedIdentity {
  /** For display. */
  readonly name: string;
  /** Sent with its requests only. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How much is asked. */
export interface Extent {
  /** Connections of each identity that the first round opens. */
  readonly connections: number;
  /** Each of them asks for everything as many times. */
  readonly rounds: number;
  /** Rounds that follow, each with one more connection of each identity, while an instance has answered for something less often than `perInstance`. */
  readonly moreRounds: number;
  readonly perInstance: number;
  /** Resources that are read. */
  readonly resources: number;
  /** Lists that a server is asked for that does not say what it has; absent: all. */
  readonly unannounced?: readonly string[];
}

interface SurveyOptions extends ConnectionOptions {
  /** At least one. */
  readonly identities: readonly InspectedIdentity[];
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly extent: Extent;
  /** A tool that may be called, with its arguments. */
  readonly tool: ToolCall | undefined;
}

/** A call of a tool that the user has asked for. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What was seen, and over how many connections. */
interface Surveyed {
  readonly seen: Seen;
  readonly connections: number;
}

/** Resolves when everything was asked, or the limits are reached. */
export async function survey(options: SurveyOptions): Promise<Surveyed> {
  const run = new Survey(options);
  try {
    return await run.seen();
  } finally {
    await run.close();
  }
}

const DISCOVER: Subject = { method: 'server/discover' };
/** The lists, and the capability that announces each. */
const LISTS: readonly { readonly method: string; readonly capability: string }[] = [
  { method: 'tools/list', capability: 'tools' },
  { method: 'prompts/list', capability: 'prompts' },
  { method: 'resources/list', capability: 'resources' },
  { method: 'resources/templates/list', capability: 'resources' },
];

class Survey {
  readonly #options: SurveyOptions;
  readonly #connections: Connection[] = [];
  readonly #readings: Reading[] = [];
  readonly #uncacheable: Uncacheable[] = [];
  #visits = 0;

  constructor(options: SurveyOptions) {
    this.#options = options;
  }

  async seen(): Promise<Surveyed> {
    const { extent, identities, era, limits } = this.#options;
    for (let i = 0; i < extent.connections; i += 1) this.#connect();
    for (let round = 0; round < extent.rounds; round += 1) await this.#round();
    for (let more = 0; more < extent.moreRounds && !limits.reached && this.#needsMore(); more += 1) {
      this.#connect();
      await this.#round();
    }
    await this.#askUncacheable();
    const seen: Seen = {
      era,
      identities: identities.map(({ name }) => name),
      readings: this.#readings,
      uncacheable: this.#uncacheable,
      capabilities: this.#capabilities(),
    };
    return { seen, connections: this.#connections.length };
  }

  async close(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  /** One more connection of each identity. */
  #connect(): void {
    const { identities, headers } = this.#options;
    identities.forEach((identity, place) => {
      this.#connections.push(new Connection(this.#options, place, { ...headers, ...identity.headers }));
    });
  }

  /** Asks over every connection, one after the other. */
  async #round(): Promise<void> {
    for (const [place, connection] of this.#connections.entries()) {
      const first: Subject = this.#options.era === 'stateless' ? DISCOVER : { method: 'tools/list' };
      await this.#read(connection, place, first);
      // A balancer that takes instances in turn would else have the same one answer the same question each time.
      if (this.#visits % 2 === 1) await this.#read(connection, place, first);
      this.#visits += 1;
      for (const method of this.#lists())
        if (method !== first.method) await this.#read(connection, place, { method });
      for (const uri of this.#uris(connection.identity))
        await this.#read(connection, place, { method: 'resources/read', uri });
    }
  }

  async #read(connection: Connection, place: number, subject: Subject): Promise<void> {
    const reading = await read(connection, place, subject);
    this.#readings.push(reading);
    const { missing } = reading;
    if (typeof missing === 'object') this.#note(nameOf(subject), missing);
  }

  /** The lists that the server announces; those of the extent when it does not say. */
  #lists(): readonly string[] {
    const capabilities = this.#capabilities();
    const { unannounced } = this.#options.extent;
    return LISTS.filter(({ method, capability }) =>
      capabilities === undefined
        ? (unannounced?.includes(method) ?? true)
        : capabilities[capability] !== undefined,
    ).map(({ method }) => method);
  }

  #capabilities(): Seen['capabilities'] {
    const discovered = this.#readings.find(({ subject, pages }) => subject === DISCOVER && pages.length > 0);
    const said = discovered?.pages[0]?.result['capabilities'];
    return said === undefined
      ? this.#connections.find(({ capabilities }) => capabilities !== undefined)?.capabilities
      : asObject(said);
  }

  /** The first resources that an identity was shown, at the first time. */
  #uris(identity: number): readonly string[] {
    const listed = this.#readings.find(
      ({ subject, pages, identity: whose }) =>
        subject.method === 'resources/list' && whose === identity && pages.length > 0,
    );
    const entries = listed?.pages[0]?.entries ?? [];
    return entries.slice(0, this.#options.extent.resources).map(({ name }) => name);
  }

  /** Whether an instance has answered for something too seldom; without names, nothing tells. */
  #needsMore(): boolean {
    const first = this.#readings.flatMap(({ subject, pages: [page] }) =>
      page?.instance === undefined ? [] : [{ name: nameOf(subject), instance: page.instance }],
    );
    const instances = new Set(first.map(({ instance }) => instance));
    return [...grouped(first, ({ name }) => name).values()].some((answers) => {
      const ofInstances = grouped(answers, ({ instance }) => instance);
      return [...instances].some(
        (instance) => (ofInstances.get(instance)?.length ?? 0) < this.#options.extent.perInstance,
      );
    });
  }

  /** Asks for what must not carry hints: an error, and a call of a tool if the user named one. */
  async #askUncacheable(): Promise<void> {
    const connection = this.#connections[0];
    if (connection === undefined || this.#options.era !== 'stateless') return;
    const { tool } = this.#options;
    const wrong = { method: 'tools/list', params: { cursor: 'paceline-no-such-cursor' } };
    if (this.#lists().includes(wrong.method))
      this.#note('tools/list with a wrong cursor', await connection.ask(wrong));
    if (tool === undefined) return;
    const answer = await connection.ask({
      method: 'tools/call',
      name: tool.name,
      params: { name: tool.name, arguments: tool.arguments },
    });
    this.#note(`tools/call ${tool.name}`, answer, 'result');
  }

  /** Keeps an answer that must not carry hints. `what`: what a result of this method is kept as; absent: it may carry them. */
  #note(where: string, answer: InspectedAnswer | undefined, what?: 'result'): void {
    const kind = answer === undefined || answer.kind === 'result' ? what : UNCACHEABLE[answer.kind];
    if (answer !== undefined && kind !== undefined)
      this.#uncacheable.push({ where, what: kind, hints: answer.hints });
  }
}

const UNCACHEABLE: Readonly<Record<OtherAnswer['kind'], Uncacheable['what'] | undefined>> = {
  error: 'error',
  refused: 'error',
  'input-required': 'input-required',
  none: undefined,
};
