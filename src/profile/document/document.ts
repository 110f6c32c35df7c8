/** @module Reads a document of a format: turns text and flags into complete variants, or reports all problems at once. */
import { basename, dirname, resolve } from 'node:path';
import { UserError } from '../../units/user-error.ts';
import type { AllVariants, ProfileFlags, ReadOptions } from '../section/section.ts';
import { isMapping, type Mapping } from '../section/values.ts';
import { type Checked, check, collectProblems } from './check.ts';
import { applyFlags, type Flags, readFlags, removing } from './flags.ts';
import type { Format } from './format.ts';
import { overridesWithoutSecrets, withoutSecrets } from './secrets.ts';
import { parseSource, type Source } from './source.ts';
import { TracedDocument } from './traced-document.ts';
import { expandVariants, type Merged } from './variants.ts';

/** A document, read and checked. */
export interface ReadDocument {
  /** The document as the user wrote it, with flags applied and credentials left out; can be read again. */
  readonly document: Mapping;
  /** At least one, with its references to others; `settings` combines the completed values of its sections. */
  readonly variants: readonly {
    readonly name: string;
    readonly overrides: Mapping;
    readonly settings: object;
  }[];
  /** The combined completed values of the keys that apply to all variants. */
  readonly shared: object;
  readonly notices: readonly string[];
}

/** A document as it was read, with the flags applied. It is not checked. */
export interface OpenedDocument {
  readonly source: Source;
  readonly flags: Flags;
  readonly base: TracedDocument;
  /** Notices about what flags replaced. */
  readonly replaced: readonly string[];
}

/** Reads `text`; `file` names it in problems, and its folder is the base of relative paths. Throws a {@link UserError} with every problem. */
export function readDocument(
  text: string,
  file: string,
  { metrics = [], ...flags }: ReadOptions,
  format: Format,
): ReadDocument {
  return checkDocument(openDocument(text, file, flags, format), metrics, format);
}

/** The first half of {@link readDocument}. Throws a {@link UserError} when text or flags cannot be read. */
export function openDocument(
  text: string,
  file: string,
  given: ProfileFlags,
  format: Format,
): OpenedDocument {
  const flags = readFlags(given, format);
  const source = parseSource(text, file);
  if (!isMapping(source.value)) {
    throw new UserError({
      where: `${file}:1:1`,
      what: 'is not a profile',
      expected: 'a mapping that begins with version: 1',
    });
  }
  const base = new TracedDocument(source.value, format.exclusions);
  return { source, flags, base, replaced: applyFlags(base, flags) };
}

/** The second half of {@link readDocument}; `metrics` are those that thresholds can bound. Throws a {@link UserError} with every problem. */
export function checkDocument(
  { source, flags, base, replaced }: OpenedDocument,
  metrics: AllVariants['metrics'],
  format: Format,
): ReadDocument {
  const { file } = source;
  const { merged, notices } = expandVariants(base, flags, format);
  const checked = merged.map((variant) => check(variant, format));
  const problems = collectProblems(source, base, checked, flags, format, metrics);
  if (problems.length > 0) throw new UserError(problems);
  const recorded = withoutSecrets(recordable(base.document, checked, flags, format), format);
  return {
    document: recorded.document,
    variants: checked.map(({ name, references, labels, overrides, profile }) => ({
      name,
      ...references,
      ...labels,
      overrides: overridesWithoutSecrets(overrides, format),
      settings: completeVariant(profile!, dirname(resolve(file)), format),
    })),
    shared: completeShared(checked, file, format),
    notices: [...replaced, ...notices, ...doubts(checked, format), ...recorded.notices],
  };
}

function completeVariant(profile: Mapping, folder: string, { sections }: Format): object {
  const parts = Object.entries(sections).map(([key, section]) =>
    section.scope === 'variant' ? section.complete?.(profile[key], { profile, folder }) : undefined,
  );
  return Object.assign({}, ...parts);
}

/** What the sections say of settings that are allowed, but do not do what they seem to. */
function doubts(checked: readonly Checked[], { sections }: Format): readonly string[] {
  const variants = checked.map(({ name, profile }) => ({ name, profile: profile! }));
  return Object.values(sections).flatMap((section) =>
    section.scope === 'variant' ? (section.notices?.(variants) ?? []) : [],
  );
}

function completeShared(checked: readonly Checked[], file: string, { sections }: Format): object {
  const profile = checked[0]!.profile!;
  const context = { file: basename(file), variants: checked.length };
  const parts = Object.entries(sections).map(([key, section]) =>
    section.scope === 'profile' ? section.complete?.(profile[key], context) : undefined,
  );
  return Object.assign({}, ...parts);
}

/**
 * The document in a form that can be read again. When a flag removed something, overrides of variants would restore it, so the
 * variants listed are the ones that are run.
 */
function recordable(
  document: Mapping,
  variants: readonly Merged[],
  flags: Flags,
  { variantsKey }: Format,
): Mapping {
  if (removing(flags).length === 0 || document[variantsKey] === undefined) return document;
  const { [variantsKey]: _, ...shared } = document;
  if (variants.every(({ overrides }) => Object.keys(overrides).length === 0)) return shared;
  return {
    ...shared,
    [variantsKey]: variants.map(({ name, references, labels, overrides }) => ({
      name,
      ...references,
      ...labels,
      ...overrides,
    })),
  };
}
