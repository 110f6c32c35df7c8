/** @module Templates in arguments: `{{agent}}`, `{{seq}}` and seeded random helpers, compiled once, rendered per call as JSON text. */
import { putBytes } from '../../units/put-text.ts';
import { type Problem, UserError } from '../../units/user-error.ts';
import { type Place, placeBelow } from '../place.ts';
import type { RuleProblem, Violation } from '../section/values.ts';
import {
  compilePlaceholder,
  type Draw,
  isAscii,
  PlaceholderError,
  type Reference,
  type TemplateContext,
} from './placeholder.ts';

/** The values that a template with references can refer to. */
export interface ReferenceContext extends TemplateContext {
  /** The value that `reference` refers to, in the present call. */
  valueOf(reference: Reference): unknown;
}

/** A JSON value with placeholders, of which some may be references to values of any length. */
export interface TextTemplate {
  /** The value as JSON text without needless white space. */
  render(context: ReferenceContext): string;
}

/** A JSON value with placeholders. */
export interface Template {
  /** Every rendering is plain ASCII, so its length in bytes equals its length in characters. */
  readonly ascii: boolean;
  /** Length of a rendering in bytes at most. */
  readonly most: number;
  /** It has no placeholder: every rendering is the same, and `most` is its length. */
  readonly fixed: boolean;
  /**
   * Writes the value into `bytes` at `at` as JSON text without needless white space, in UTF-8. There must be room for
   * {@link Template.most} bytes. Returns where it ends.
   */
  put(context: TemplateContext, bytes: Buffer, at: number): number;
  /** The same as text. */
  render(context: TemplateContext): string;
}

export type { Reference, TemplateContext };

/** A reference in a template, and where it stands. */
export interface PlacedReference extends Reference {
  readonly path: Place;
}

/** A reference as a segment: as a JSON value of its own where it is the whole string, otherwise as text within a string. */
interface Inserted {
  readonly reference: Reference;
  readonly whole: boolean;
}

/** Literal JSON text, or a placeholder in it. */
type Segment = string | Draw | Inserted;

/**
 * Compiles a JSON value: a string may contain `{{...}}` (see {@link PLACEHOLDERS}), and one that consists only of a numeric
 * placeholder renders as a number. `\{{` stands for `{{`. No key may contain `{{`. Placeholders draw in the order of the text.
 * Throws a {@link UserError} with every problem, each placed below `path`.
 */
export function compileTemplate(value: unknown, path: string): Template {
  return assemble(
    segmentsOf(value, path).map((segment) => {
      if (isInserted(segment))
        throw new TypeError(`${path} has a reference, which is no placeholder of its own`);
      return segment;
    }),
  );
}

/**
 * Compiles a JSON value like {@link compileTemplate}, with references as well: a string that consists only of one keeps the JSON type of
 * the value.
 */
export function compileTextTemplate(value: unknown, path: string): TextTemplate {
  const segments = segmentsOf(value, path);
  const parts = segments.map((segment) =>
    typeof segment === 'string' || isInserted(segment) ? segment : assemble([segment]),
  );
  return {
    render: (context) =>
      parts
        .map((part) => {
          if (typeof part === 'string') return part;
          return isInserted(part) ? insertedText(part, context) : part.render(context);
        })
        .join(''),
  };
}

function insertedText({ reference, whole }: Inserted, context: ReferenceContext): string {
  const value = context.valueOf(reference);
  if (whole) return JSON.stringify(value);
  return escapeJson(typeof value === 'string' ? value : JSON.stringify(value));
}

const isInserted = (segment: Segment | Template): segment is Inserted =>
  typeof segment === 'object' && 'reference' in segment;

/** The references in a value. */
export function referencesIn(value: unknown): readonly PlacedReference[] {
  return scan(value).references;
}

function segmentsOf(value: unknown, path: string): readonly Segment[] {
  const { segments, violations } = scan(value);
  if (violations.length === 0) return segments;
  throw new UserError(
    violations.map(({ path: place, problem }): Problem => ({ where: placeBelow(path, place), ...problem })),
  );
}

/** The problems that {@link compileTemplate} would throw. */
export function findTemplateProblems(value: unknown): readonly Violation[] {
  return scan(value).violations;
}

function scan(value: unknown): {
  readonly segments: readonly Segment[];
  readonly violations: readonly Violation[];
  readonly references: readonly PlacedReference[];
} {
  const segments: Segment[] = [];
  const violations: Violation[] = [];
  const references: PlacedReference[] = [];
  walk(
    value,
    [],
    (segment, path) => {
      segments.push(segment);
      if (isInserted(segment)) references.push({ ...segment.reference, path });
    },
    (path, problem) => violations.push({ path, problem }),
  );
  return { segments, violations, references };
}

type Emit = (segment: Segment, place: Place) => void;
type Report = (place: Place, problem: RuleProblem) => void;

function walk(value: unknown, place: Place, emit: Emit, report: Report): void {
  if (typeof value === 'string') walkText(value, place, emit, report);
  else if (typeof value === 'object' && value !== null) walkChildren(value, place, emit, report);
  else if (value === null || typeof value === 'boolean') emit(String(value), place);
  else if (typeof value === 'number' && Number.isFinite(value)) emit(JSON.stringify(value), place);
  else
    report(place, {
      what: `${String(value)} cannot be written as JSON`,
      expected: 'text, a number, a list or a mapping',
    });
}

function walkChildren(value: object, place: Place, emit: Emit, report: Report): void {
  const list = Array.isArray(value);
  emit(list ? '[' : '{', place);
  Object.entries(value).forEach(([key, child], index) => {
    const lead = index === 0 ? '' : ',';
    if (!list && key.includes('{{')) report(place, TEMPLATE_IN_KEY);
    emit(list ? lead : `${lead}${JSON.stringify(key)}:`, place);
    walk(child, [...place, list ? index : key], emit, report);
  });
  emit(list ? ']' : '}', place);
}

const TEMPLATE_IN_KEY: RuleProblem = {
  what: 'has a key with {{, but no template is read in keys',
  expected: 'templates in values only',
};

/** A literal, an escaped `\{{`, or a placeholder; an unclosed `{{` matches the rest of the text. */
const PIECE = /\\\{\{|\{\{(.*?)\}\}|\{\{.*/gs;

function walkText(text: string, place: Place, emit: Emit, report: Report): void {
  const pieces: (string | Draw | Reference)[] = [];
  let end = 0;
  for (const match of text.matchAll(PIECE)) {
    if (match.index > end) pieces.push(escapeJson(text.slice(end, match.index)));
    end = match.index + match[0].length;
    try {
      pieces.push(compilePiece(match));
    } catch (error) {
      if (!(error instanceof PlaceholderError)) throw error;
      report(place, error.problem);
    }
  }
  if (end < text.length) pieces.push(escapeJson(text.slice(end)));
  const only = pieces.length === 1 ? pieces[0] : undefined;
  const isValue = typeof only === 'object' && ('source' in only || only.numeric);
  const quote = isValue ? '' : '"';
  emit(quote, place);
  for (const piece of pieces) {
    const isReference = typeof piece === 'object' && 'source' in piece;
    emit(isReference ? { reference: piece, whole: isValue } : piece, place);
  }
  emit(quote, place);
}

function compilePiece(match: RegExpMatchArray): string | Draw | Reference {
  if (match[0] === '\\{{') return '{{';
  if (match[1] !== undefined) return compilePlaceholder(match[1]);
  throw new PlaceholderError({
    what: `"${match[0].slice(0, 40)}" is an unclosed template`,
    expected: '{{name}}, or \\{{ for literal braces',
  });
}

const escapeJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Joins adjacent literals, so that rendering is one copy and one placeholder in turn. */
function assemble(segments: readonly (string | Draw)[]): Template {
  const literals: string[] = [''];
  const draws: Draw[] = [];
  for (const segment of segments) {
    if (typeof segment === 'string') literals[literals.length - 1] += segment;
    else {
      draws.push(segment);
      literals.push('');
    }
  }
  return new Literals(literals, draws);
}

/** Texts that are the same in every rendering, with a placeholder between each two of them. */
class Literals implements Template {
  readonly ascii: boolean;
  readonly most: number;
  readonly fixed: boolean;
  readonly #first: Buffer;
  readonly #puts: readonly Draw['put'][];
  /** After each placeholder. */
  readonly #after: readonly Buffer[];

  constructor(literals: readonly string[], draws: readonly Draw[]) {
    const [first, ...after] = literals.map((text) => Buffer.from(text));
    this.#first = first!;
    this.#after = after;
    this.#puts = draws.map((each) => each.put);
    this.ascii = literals.every(isAscii) && draws.every((each) => each.ascii);
    this.fixed = draws.length === 0;
    this.most = [first!, ...after].reduce((sum, each) => sum + each.length, 0);
    for (const each of draws) this.most += each.most;
  }

  put(context: TemplateContext, bytes: Buffer, at: number): number {
    let end = putBytes(this.#first, bytes, at);
    for (let i = 0; i < this.#puts.length; i += 1) {
      end = putBytes(this.#after[i]!, bytes, this.#puts[i]!(context, bytes, end));
    }
    return end;
  }

  render(context: TemplateContext): string {
    const bytes = this.most > shared.length ? Buffer.allocUnsafe(this.most) : shared;
    return bytes.toString(this.ascii ? 'latin1' : 'utf8', 0, this.put(context, bytes, 0));
  }
}

/** Where texts are put together. */
const shared = Buffer.allocUnsafeSlow(4096);
