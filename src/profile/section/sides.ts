/** @module The sides of an A/B comparison, and the flags that name them. */

/** The names of the two variants: the base, and what is compared with it. */
export const SIDE_NAMES = ['a', 'b'] as const;

/** In what the sides differ. */
export type SidesForm =
  /** The command that starts a server. `cwd`, relative to the profile: its folder, where the profile names none. */
  | { readonly kind: 'commands'; readonly a: string; readonly b: string; readonly cwd: string }
  /** The URL of an endpoint that already runs. */
  | { readonly kind: 'targets'; readonly a: string; readonly b: string }
  /** Nothing that the profile names: the same command runs in two revisions of its folder. */
  | { readonly kind: 'revisions'; readonly a: string; readonly b: string };

/** What the user gives for the sides. */
export interface Sides {
  readonly form: SidesForm;
  /** The variant of the profile that both sides are of. */
  readonly variant?: string | undefined;
}

/** The flags of each form, that of `a` first. */
export const SIDE_FLAGS: Readonly<Record<SidesForm['kind'], readonly [a: string, b: string]>> = {
  commands: ['--a', '--b'],
  revisions: ['--a-ref', '--b-ref'],
  targets: ['--a-target', '--b-target'],
};
