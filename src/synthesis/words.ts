/** @module The words of a name, so that `basketId`, `basket_id` and `basket-id` are one name. */

/** The words of `name`, in lower case: `createBasket` gives `create`, `basket`. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Last words of a name by which a thing is referred to. */
const REFERENCE: ReadonlySet<string> = new Set([
  'id',
  'ids',
  'uuid',
  'handle',
  'key',
  'ref',
  'token',
  'cursor',
]);

/** Whether a name reads as a reference to something that exists: `basket_id`, `handle`. */
export function isReference(words: readonly string[]): boolean {
  return REFERENCE.has(words.at(-1) ?? '');
}

/** First words of the name of a tool that makes something. */
const MAKES: ReadonlySet<string> = new Set(['create', 'new', 'open', 'start', 'begin', 'make', 'register']);
/** First words of the name of a tool that shows what there is. */
const SHOWS: ReadonlySet<string> = new Set(['list', 'search', 'find', 'query']);
/** First words of the name of a tool that ends something. */
const ENDS: ReadonlySet<string> = new Set(['delete', 'remove', 'close', 'end', 'stop', 'cancel', 'destroy']);

/** What the name of a tool says it does to things: tools that make come first, and tools that end come last. */
export function turnOf(words: readonly string[]): number {
  const [first = ''] = words;
  if (MAKES.has(first)) return 0;
  if (SHOWS.has(first)) return 1;
  return ENDS.has(first) ? 3 : 2;
}

/** The words of a tool's name after its verb: what it is about. */
export function nounOf(tool: string): readonly string[] {
  return wordsOf(tool).slice(1);
}
