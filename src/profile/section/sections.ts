/** @module The table of sections: each key of the profile has one file in this folder and one line here. */
import { agents } from './agents.ts';
import { auth } from './auth.ts';
import { balancer } from './balancer.ts';
import { cache } from './cache.ts';
import { calls } from './calls.ts';
import { data } from './data.ts';
import { events } from './events.ts';
import { faults } from './faults.ts';
import { fleet } from './fleet.ts';
import { identities } from './identities.ts';
import { load } from './load.ts';
import { repetitions } from './repetitions.ts';
import type { ProfileSection, Sections, VariantSection } from './section.ts';
import { target } from './target.ts';
import { tasks } from './tasks.ts';
import { thresholds } from './thresholds.ts';
import { title } from './title.ts';
import { variants } from './variants.ts';
import { version } from './version.ts';

/** Every key of the profile, in the order of the reference. */
export const SECTIONS = {
  version,
  title,
  load,
  agents,
  calls,
  data,
  target,
  fleet,
  balancer,
  faults,
  auth,
  identities,
  events,
  cache,
  tasks,
  variants,
  repetitions,
  thresholds,
} satisfies Sections;

type Section = (typeof SECTIONS)[keyof typeof SECTIONS];
/** `{ a } | { b }` as `{ a, b }`. */
type Together<Parts> = (Parts extends unknown ? (parts: Parts) => void : never) extends (
  parts: infer All,
) => void
  ? { readonly [Key in keyof All]: All[Key] }
  : never;

type VariantPart<One> = One extends VariantSection<infer _, infer Part> ? Part : never;
type ProfilePart<One> = One extends ProfileSection<infer _, infer Part> ? Part : never;

/** The settings of one variant, ready to run: the combined values of its sections. */
export type Settings = Together<VariantPart<Section>>;

/** The combined values of the keys that apply to all variants. */
export type SharedSettings = Together<ProfilePart<Section>>;
