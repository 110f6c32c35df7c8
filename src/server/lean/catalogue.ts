/** @module What a lean instance offers, as JSON text that is made once: an answer with thousands of entries costs a look-up. */
import type { OfferSettings } from '../../profile/settings.ts';
import type { CacheableMethod } from '../../protocol/caching/methods.ts';
import { type MirroredParameter, readToolPage } from '../../protocol/tool-list.ts';
import { listContent, promptContent, readContent } from '../offer/content.ts';
import { definitionOf } from '../offer/definition.ts';
import type { Offer } from '../offer/offer.ts';
import type { ListMethod } from '../offer/pages.ts';
import type { ToolRequest } from '../tool-answer.ts';
import type { Tool } from '../tools.ts';
import { asciiJson } from './answers.ts';
import type { ResultForm } from './results.ts';

/** Results of reads that are kept: records have any number of URIs. */
const MAX_READS = 10_000;

/** The results of an offer. */
export class Catalogue {
  readonly byName: ReadonlyMap<string, Tool>;
  /** Names of the tools; always the same array. */
  readonly names: readonly string[];
  /** By the name of a tool, its arguments that clients repeat in header fields; only of tools that have such arguments. */
  readonly mirrored: ReadonlyMap<string, readonly MirroredParameter[]>;
  /** The result of `server/discover`, or of `initialize`. */
  readonly opening: string;
  readonly #offer: Offer;
  readonly #settings: OfferSettings;
  readonly #form: ResultForm;
  /** Pages of lists that are the same for every caller, by method and cursor. */
  readonly #pages = new Map<string, string>();
  /** Pages of `tools/list` for those who are shown some of the tools. */
  readonly #shown = new WeakMap<readonly string[], Map<string, string>>();
  readonly #reads = new Map<string, string>();

  constructor(offer: Offer, settings: OfferSettings, form: ResultForm) {
    this.#offer = offer;
    this.#settings = settings;
    this.#form = form;
    this.byName = new Map(offer.tools.entries.map((tool) => [tool.name, tool]));
    this.names = [...this.byName.keys()];
    this.mirrored = mirroredIn(offer.tools.entries);
    this.opening = this.#result('server/discover', form.opening, false);
    // So that the first list does not take longer than the others.
    this.page('tools/list', undefined);
  }

  /**
   * The result of the list `method` at `cursor`, for a caller that is shown the tools `names` only; without these, all. `undefined` for a
   * cursor that is not valid.
   */
  page(method: ListMethod, cursor: unknown, names?: readonly string[]): string | undefined {
    if (cursor !== undefined && typeof cursor !== 'string') return undefined;
    const pages = names === undefined ? this.#pages : this.#pagesFor(names);
    const key = cursor === undefined ? method : `${method} ${cursor}`;
    const known = pages.get(key);
    if (known !== undefined) return known;
    const content = listContent(method, this.#offer, this.#settings, cursor, this.#toolsOf(names));
    if (content === undefined) return undefined;
    const text = this.#result(method, content, names !== undefined);
    pages.set(key, text);
    return text;
  }

  /** The result of `resources/read`; `undefined` when there is no such resource. */
  read(uri: unknown): string | undefined {
    const known = this.#reads.get(uri as string);
    if (known !== undefined) return known;
    const content = readContent(this.#offer, this.#settings, uri);
    if (content === undefined) return undefined;
    const text = this.#result('resources/read', content, false);
    if (this.#reads.size < MAX_READS) this.#reads.set(uri as string, text);
    return text;
  }

  /** The result of `prompts/get`; `undefined` when there is no such prompt. */
  prompt(request: ToolRequest): string | undefined {
    const content = promptContent(this.#offer, request);
    // A prompt that asks back has a result type of its own.
    return content && asciiJson({ ...content, ...this.#form.plain, ...content });
  }

  #result(method: CacheableMethod, content: object, isPrivate: boolean): string {
    return asciiJson({ ...content, ...this.#form.cacheable(method, this.#offer.version, isPrivate) });
  }

  #toolsOf(names: readonly string[] | undefined): readonly Tool[] {
    return names === undefined ? this.#offer.tools.entries : names.map((name) => this.byName.get(name)!);
  }

  #pagesFor(names: readonly string[]): Map<string, string> {
    const pages = this.#shown.get(names) ?? new Map<string, string>();
    this.#shown.set(names, pages);
    return pages;
  }
}

/** What `tools` mirror. Generated tools mirror nothing, and there may be thousands. */
function mirroredIn(tools: readonly Tool[]): Catalogue['mirrored'] {
  const shown = tools.filter(({ generated }) => !generated).map(definitionOf);
  const page = readToolPage(JSON.stringify({ result: { tools: shown } }));
  return new Map(
    page!.tools.flatMap(({ name, mirrored = [] }) => (mirrored.length === 0 ? [] : [[name, mirrored]])),
  );
}
