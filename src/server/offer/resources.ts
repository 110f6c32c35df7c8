/** @module The resources that a built-in server offers: numbered texts, and templates of URIs. */

/** A text of its own. */
export interface Resource {
  readonly uri: string;
  readonly name: string;
  /** Of the text. */
  readonly bytes: number;
  /** How often the text has changed. */
  readonly edition: number;
  /** What it has in place of a text of our own. */
  readonly content?: ResourceContent;
}

/** The content of a resource that never changes: a text, or bytes in Base64. */
interface ResourceContent {
  readonly mimeType: string;
  readonly text?: string;
  readonly blob?: string;
  readonly _meta?: object;
}

/** URIs of one form, each of which can be read. */
export interface ResourceTemplate {
  readonly uriTemplate: string;
  readonly name: string;
  /** The content at `uri`, or `undefined` where that has another form; absent: a text of our own for every URI of {@link isRecord}. */
  readonly read?: (uri: string) => ResourceContent | undefined;
}

/** Code of the JSON-RPC error for a resource that does not exist, in the era of sessions. Source: MCP 2025-11-25, Resources, Error Handling. */
export const UNKNOWN_RESOURCE = -32002;

const MIME_TYPE = 'text/plain';
const SENTENCE =
  'A resource is text that an agent reads before it acts, and most of them are read again soon. ';

/** The `count` resources that follow after `from`, with texts of `bytes`. */
export function moreResources(from: number, count: number, bytes: number): readonly Resource[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `resource-${from + index + 1}`;
    return { uri: `paceline://resource/${from + index + 1}`, name, bytes, edition: 0 };
  });
}

/** The first `count` templates. */
export function resourceTemplates(count: number): readonly ResourceTemplate[] {
  return Array.from({ length: count }, (_, index) => ({
    uriTemplate: `paceline://records/${index + 1}/{id}`,
    name: `records-${index + 1}`,
  }));
}

/** The entry of a resource in a list. Source: MCP, `Resource`. */
export function resourceEntry({ uri, name, bytes, content }: Resource): object {
  if (content !== undefined) {
    const description = `Content of ${bytes} bytes that never changes.`;
    return { uri, name, description, mimeType: content.mimeType, size: bytes };
  }
  return {
    uri,
    name,
    title: `Resource ${uri.slice(uri.lastIndexOf('/') + 1)}`,
    description: `A text of ${bytes} bytes that changes now and then; the list stays the same when it does.`,
    mimeType: MIME_TYPE,
    size: bytes,
  };
}

/** The entry of a template in a list. Source: MCP, `ResourceTemplate`. */
export function templateEntry({ uriTemplate, name, read }: ResourceTemplate): object {
  if (read !== undefined) return { uriTemplate, name, description: 'Data by its identifier.' };
  return {
    uriTemplate,
    name,
    title: `Records of ${name}`,
    description: 'Any record by its identifier. Records that were never written have a text as well.',
    mimeType: MIME_TYPE,
  };
}

/** What `resources/read` gives of a resource (member `contents`). Source: MCP, `TextResourceContents`. */
export function contentsOf({
  uri,
  bytes,
  edition,
  content,
}: Pick<Resource, 'uri' | 'bytes' | 'edition' | 'content'>): readonly object[] {
  if (content !== undefined) return [{ uri, ...content }];
  const text = `Edition ${edition} of ${uri}. `;
  const rest = SENTENCE.repeat(Math.ceil(bytes / SENTENCE.length));
  return [{ uri, mimeType: MIME_TYPE, text: `${text}${rest}`.slice(0, bytes) }];
}

/** Whether `uri` is one of `templates` with an identifier filled in. */
export function isRecord(uri: string, templates: readonly ResourceTemplate[]): boolean {
  const [, number] = /^paceline:\/\/records\/([1-9]\d*)\/[^/?#]+$/.exec(uri) ?? [];
  return Number(number) <= templates.filter(({ read }) => read === undefined).length;
}
