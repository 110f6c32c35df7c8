/** @module Resources that a server has by template (`resources/templates/list`): URIs in which the server has completed the variables, or that are guessed. */
import type { UriTemplate } from '@modelcontextprotocol/server';
import { type JsonObject, objectOf } from '../protocol/json-object.ts';
import type { Client } from '../session-audit/client.ts';
import { type Place, succeeded } from '../session-audit/exchange.ts';
import type { AuditSurvey } from '../session-audit/survey.ts';
import { type LearnedValue, learnedFor } from '../synthesis/learned.ts';
import { type Candidate, readCandidate } from './candidates.ts';

/** A template as the server lists it. */
export interface ListedTemplate {
  readonly uriTemplate: string;
  readonly entry: JsonObject;
}

/** Who is asked, and where. */
interface Asked {
  readonly client: Client;
  readonly place: Place;
}

type Offered = Pick<AuditSurvey, 'capabilities' | 'resources'>;

/** Templates that are read, and pages of their list. */
const MOST = 5;
const MOST_PAGES = 5;

/** The templates of a server that has resources. Throws `AuditEnded`. */
export async function templatesOf(
  { capabilities }: Offered,
  { client, place }: Asked,
): Promise<readonly ListedTemplate[]> {
  if (capabilities['resources'] === undefined) return [];
  const all: unknown[] = [];
  let cursor: unknown;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const exchange = await client.ask({ method: 'resources/templates/list', params }, place);
    if (!succeeded(exchange)) break;
    const { resourceTemplates, nextCursor } = exchange.answer.result ?? {};
    if (Array.isArray(resourceTemplates)) all.push(...resourceTemplates);
    cursor = nextCursor;
    if (typeof cursor !== 'string') break;
  }
  return all.map(objectOf).flatMap((entry) => {
    const { uriTemplate } = entry;
    return typeof uriTemplate === 'string' ? [{ uriTemplate, entry }] : [];
  });
}

/** A read for each of the first templates, of a URI that is not listed anyway. Throws `AuditEnded`. */
export async function templateReads(
  templates: readonly ListedTemplate[],
  offered: Offered,
  learned: readonly LearnedValue[],
  asked: Asked,
): Promise<readonly Candidate[]> {
  const reads: Candidate[] = [];
  for (const template of templates.slice(0, MOST)) {
    const uri = await uriOf(template, offered, learned, asked);
    if (uri === undefined || offered.resources.includes(uri)) continue;
    const { description, name } = template.entry;
    const about = typeof description === 'string' ? description : String(name ?? '');
    reads.push(readCandidate([uri, { description: `${template.uriTemplate}: ${about}` }]));
  }
  return reads;
}

/** The URI with a value of each variable; undefined when the template cannot be read. */
async function uriOf(
  { uriTemplate, entry }: ListedTemplate,
  { capabilities }: Offered,
  learned: readonly LearnedValue[],
  asked: Asked,
): Promise<string | undefined> {
  const { UriTemplate: Template } = await import('./uri-template.ts');
  let template: UriTemplate;
  try {
    template = new Template(uriTemplate);
  } catch {
    return undefined;
  }
  const values: Record<string, string> = {};
  for (const name of template.variableNames) {
    const completed =
      capabilities['completions'] === undefined
        ? undefined
        : await completedBy(asked, uriTemplate, name, values);
    values[name] = completed ?? learnedText(name, String(entry['name'] ?? ''), learned) ?? GUESS;
  }
  return template.expand(values);
}

/** What many servers number their things from. */
const GUESS = '1';

/** The first value that the server proposes for a variable. Source: MCP, Completion, `ref/resource`. */
async function completedBy(
  { client, place }: Asked,
  uri: string,
  name: string,
  known: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const params = {
    ref: { type: 'ref/resource', uri },
    argument: { name, value: '' },
    context: { arguments: { ...known } },
  };
  const { answer } = await client.ask({ method: 'completion/complete', params }, place);
  const { values } = objectOf(answer.result?.['completion']);
  const [first] = Array.isArray(values) ? values : [];
  return typeof first === 'string' ? first : undefined;
}

function learnedText(name: string, about: string, learned: readonly LearnedValue[]): string | undefined {
  const one = learnedFor(name, about, learned, (value) => typeof value !== 'boolean');
  return one === undefined ? undefined : String(one.value);
}
