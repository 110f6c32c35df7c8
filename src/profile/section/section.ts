/** @module What a section is: everything that the profile has to say about one of its keys. `sections.ts` is the table of all of them. */
import type { z } from 'zod';
import type { Problem } from '../../units/user-error.ts';
import type { TracedDocument } from '../document/traced-document.ts';
import type { BoundedMetric } from './threshold.ts';
import type { Mapping, Violation } from './values.ts';

/** Flags of the command line that change a profile, as the user gave them. */
export interface ProfileFlags {
  /** URL of an endpoint to load, instead of the fleet or the target of the profile. */
  readonly target?: string;
  /** Headers for the target: `Name: value`. */
  readonly headers?: readonly string[];
  /** Overrides of the profile, before its variants: `load.rate=400/s`; the value is read as YAML. */
  readonly set?: readonly string[];
  readonly repetitions?: number;
}

/** What a profile is read with. */
export interface ReadOptions extends ProfileFlags {
  /** What thresholds can bound: nothing when absent. The metrics are those of the results, which the profile knows nothing of. */
  readonly metrics?: readonly BoundedMetric[];
}

/** A change that a flag makes to the profile. */
export interface FlagChange {
  /** As messages name it, without what may be a credential: `--target`, `--header Authorization`. */
  readonly flag: string;
  /** `base`: the profile, whose variants may override it. `variants`: each variant after its own overrides, so that the flag wins. */
  readonly changes: 'base' | 'variants';
  readonly apply: (document: TracedDocument) => void;
  /** Dotted paths that it takes out of the profile: overrides of variants there do not apply. */
  readonly removes?: readonly string[];
  /** The key without which the flag has no effect, and the problem when no variant has it. */
  readonly needs?: { readonly key: string; readonly problem: Problem };
}

/** Flags that belong to a key. */
export interface SectionFlags {
  /** The changes that `flags` make, and those flags that cannot be read. */
  read(flags: ProfileFlags): {
    readonly changes: readonly FlagChange[];
    readonly problems: readonly Problem[];
  };
  /** Markdown for the reference: a list item for each flag. */
  readonly docs: string;
}

/** Values that may be or hold credentials: they are used, and not recorded. */
export interface Secrets {
  /** Dotted paths of values, or of mappings of which every value may be one. */
  readonly at: readonly string[];
  /** Whether messages may quote a value there. */
  readonly quotable: boolean;
  /** A key may hold a value by mistake (`Authorization Bearer x:`): messages quote it up to the first separator. */
  readonly inKeys?: boolean;
  /** What is recorded for `value`, and the names of what that hides. `key` is its path below the one in `at`. */
  record(value: string, key: string): { readonly value: string; readonly hidden: readonly string[] };
  /** Says what of `names` is not recorded, as the subject of a sentence; absent: nothing is said. */
  notice?(names: readonly string[]): string;
}

interface Common<Schema extends z.ZodType> {
  /** Of the value, optional where the key may be absent. Its descriptions explain every key in it. */
  readonly schema: Schema;
  /** What an override of a path removes because the two cannot be combined, all as dotted paths from the top. */
  readonly excludes?: Readonly<Record<string, readonly string[]>>;
  /** Problems that only other keys of the profile show. Must not trust the types of what it reads; places are from the top. */
  rule?(profile: Mapping): readonly Violation[];
  /** Values that the format has and this version does not, by dotted path: they are said to be not available yet. */
  readonly planned?: Readonly<Record<string, (value: unknown) => boolean>>;
  readonly secrets?: readonly Secrets[];
  readonly flags?: SectionFlags;
  /** Markdown for the reference, beyond the descriptions: chapters with a heading of the second level. */
  readonly docs?: string;
}

/** What a section knows when it completes a variant. */
interface VariantContext {
  /** The variant, valid and with the defaults of all schemas; durations, rates and sizes are still text. */
  readonly profile: Mapping;
  /** Paths in the profile are relative to it. */
  readonly folder: string;
}

/** A key that every variant may override; it completes to a part of the settings of a variant. */
export interface VariantSection<Schema extends z.ZodType = z.ZodType, Part extends object = object>
  extends Common<Schema> {
  readonly scope: 'variant';
  /** The part of the settings that exactly one of several keys gives: `endpoint`. */
  readonly fills?: string;
  /** With numbers for text, and with every default decided; `undefined`: nothing. */
  complete?(value: z.output<Schema>, context: VariantContext): Part | undefined;
}

/** What a rule over all variants may look at. */
export interface AllVariants {
  readonly variants: readonly { readonly name: string; readonly profile: Mapping }[];
  /** What thresholds can bound. */
  readonly metrics: readonly BoundedMetric[];
}

/** What a section knows when it completes the profile. */
interface ProfileContext {
  /** Name of the profile's file. */
  readonly file: string;
  /** Number of variants. */
  readonly variants: number;
}

/** A key that holds for all variants; it completes to a part of the profile. */
export interface ProfileSection<Schema extends z.ZodType = z.ZodType, Part extends object = object>
  extends Common<Schema> {
  readonly scope: 'profile';
  /** Problems of the value that only the variants show. Must not trust types either. */
  ruleOverVariants?(value: unknown, all: AllVariants): readonly Violation[];
  complete?(value: z.output<Schema>, context: ProfileContext): Part | undefined;
}

/** The key that lists the variants. */
export interface VariantsSection<Schema extends z.ZodType = z.ZodType> extends Common<Schema> {
  readonly scope: 'variants';
  /** Keys of a variant that are not overrides. */
  readonly ownKeys: readonly string[];
}

export type Section = VariantSection | ProfileSection | VariantsSection;
/** Sections by their keys, in the order of the reference. */
export type Sections = Readonly<Record<string, Section>>;

/** A section whose key each variant may override. */
export function variantSection<Schema extends z.ZodType, Part extends object>(
  section: Omit<VariantSection<Schema, Part>, 'scope'>,
): VariantSection<Schema, Part> {
  return { scope: 'variant', ...section };
}

/** A section whose key holds for all variants. */
export function profileSection<Schema extends z.ZodType, Part extends object>(
  section: Omit<ProfileSection<Schema, Part>, 'scope'>,
): ProfileSection<Schema, Part> {
  return { scope: 'profile', ...section };
}
