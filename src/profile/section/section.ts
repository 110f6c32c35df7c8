/** @module The interface of a section: everything that the profile defines about one of its keys. `sections.ts` is the table of all sections. */
import type { z } from 'zod';
import type { Problem } from '../../units/user-error.ts';
import type { TracedDocument } from '../document/traced-document.ts';
import type { BoundedMetric } from './bounded-metric.ts';
import type { Sides } from './sides.ts';
import type { Mapping, Violation } from './values.ts';

/** Command-line flags that change a profile, as given by the user. */
export interface ProfileFlags {
  /** URL of an endpoint to load, instead of the fleet or the target of the profile. */
  readonly target?: string;
  /** Headers for the target: `Name: value`. */
  readonly headers?: readonly string[];
  /** Overrides of the profile, before its variants: `load.rate=400/s`; the value is read as YAML. */
  readonly set?: readonly string[];
  readonly repetitions?: number;
  /** Two variants in the place of those of the profile. */
  readonly sides?: Sides;
}

/** Options for reading a profile. */
export interface ReadOptions extends ProfileFlags {
  /** The metrics that thresholds can bound; none when absent. They are passed in because the profile does not depend on the results. */
  readonly metrics?: readonly BoundedMetric[];
}

/** A change that a flag applies to the profile. */
export interface FlagChange {
  /** The flag as shown in messages, without possible credentials: `--target`, `--header Authorization`. */
  readonly flag: string;
  /** `base`: the profile, whose variants may override it. `variants`: each variant after its own overrides, so that the flag wins. */
  readonly changes: 'base' | 'variants';
  readonly apply: (document: TracedDocument) => void;
  /** Dotted paths that it removes from the profile: overrides of variants there do not apply. */
  readonly removes?: readonly string[];
  /** Those within them whose loss changes what is measured: the user is told when the profile itself sets them to something else than false. */
  readonly tells?: readonly string[];
  /** The key that the flag needs to have an effect, and the problem when no variant has it. */
  readonly needs?: { readonly key: string; readonly problem: Problem };
}

/** The flags of a key. */
export interface SectionFlags {
  /** The changes that `flags` apply, and the problems of flags that are not valid. */
  read(flags: ProfileFlags): {
    readonly changes: readonly FlagChange[];
    readonly problems: readonly Problem[];
  };
  /** Markdown for the reference: a list item for each flag. */
  readonly docs: string;
}

/** Values that may be or contain credentials: they are used, but not recorded. */
export interface Secrets {
  /** Dotted paths of values, or of mappings of which every value may be one; `*` stands for any place in a list. */
  readonly at: readonly string[];
  /** Whether messages may quote a value there. */
  readonly quotable: boolean;
  /** A key may contain a value by mistake (`Authorization Bearer x:`): messages quote it only up to the first separator. */
  readonly inKeys?: boolean;
  /** The value recorded in place of `value`, and the names of the hidden values. `key` is its path below the one in `at`. */
  record(value: string, key: string): { readonly value: string; readonly hidden: readonly string[] };
  /** Describes what of `names` is not recorded, as the subject of a sentence; absent: no notice is given. */
  notice?(names: readonly string[]): string;
}

/** A variant as rules see it. */
export interface NamedVariant {
  readonly name: string;
  readonly profile: Mapping;
}

interface Common<Schema extends z.ZodType> {
  /** Schema of the value, optional if the key may be absent. Its descriptions explain every key in it. */
  readonly schema: Schema;
  /** For each path, the paths that its override removes because the two cannot be combined; dotted paths from the top. */
  readonly excludes?: Readonly<Record<string, readonly string[]>>;
  /** Finds problems that depend on other keys of the profile. Must not rely on the types of what it reads; places start at the top. */
  rule?(profile: Mapping): readonly Violation[];
  /** Values that the format defines but this version does not implement, by dotted path; they are reported as not available in this version. */
  readonly planned?: Readonly<Record<string, (value: unknown) => boolean>>;
  readonly secrets?: readonly Secrets[];
  readonly flags?: SectionFlags;
  /** Markdown for the reference, beyond the descriptions: chapters with a heading of the second level. */
  readonly docs?: string;
}

/** What a section can read when it completes a variant. */
interface VariantContext {
  /** The variant, valid and with the defaults of all schemas; durations, rates and sizes are still text. */
  readonly profile: Mapping;
  /** The folder that paths in the profile are relative to. */
  readonly folder: string;
}

/** A key that every variant may override; it defines a part of the settings of a variant. */
export interface VariantSection<Schema extends z.ZodType = z.ZodType, Part extends object = object>
  extends Common<Schema> {
  readonly scope: 'variant';
  /** The part of the settings that exactly one of several keys defines: `endpoint`. */
  readonly fills?: string;
  /** Converts text to numbers and fills in every default; `undefined`: no settings. */
  complete?(value: z.output<Schema>, context: VariantContext): Part | undefined;
  /** Notices about settings that are allowed, but do not do what they seem to. All variants are valid, with the defaults of all schemas. */
  notices?(variants: readonly NamedVariant[]): readonly string[];
}

/** What a rule over all variants can read. */
export interface AllVariants {
  readonly variants: readonly NamedVariant[];
  /** The metrics that thresholds can bound. */
  readonly metrics: readonly BoundedMetric[];
}

/** What a section can read when it completes the profile. */
interface ProfileContext {
  /** Name of the profile's file. */
  readonly file: string;
  /** Number of variants. */
  readonly variants: number;
}

/** A key that applies to all variants; it defines a part of the profile. */
export interface ProfileSection<Schema extends z.ZodType = z.ZodType, Part extends object = object>
  extends Common<Schema> {
  readonly scope: 'profile';
  /** Finds problems of the value that depend on the variants. Must not rely on types either. */
  ruleOverVariants?(value: unknown, all: AllVariants): readonly Violation[];
  complete?(value: z.output<Schema>, context: ProfileContext): Part | undefined;
}

/** The key that lists the variants. */
export interface VariantsSection<Schema extends z.ZodType = z.ZodType> extends Common<Schema> {
  readonly scope: 'variants';
  /** Keys of a variant that are not overrides. */
  readonly ownKeys: readonly string[];
  /** Those of them whose value is the name of another variant. */
  readonly references: readonly string[];
  /** Those whose text is kept as it is. */
  readonly labels: readonly string[];
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

/** A section whose key applies to all variants. */
export function profileSection<Schema extends z.ZodType, Part extends object>(
  section: Omit<ProfileSection<Schema, Part>, 'scope'>,
): ProfileSection<Schema, Part> {
  return { scope: 'profile', ...section };
}
