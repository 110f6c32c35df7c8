/** @module A profile whose variants are the two sides of an A/B comparison. */
import type { Profile } from '../../profile/settings.ts';
import { parseProfile } from '../parse-profile.ts';

/** `load`: in YAML. */
export const twoSides = (load: string): Profile =>
  parseProfile(`
version: 1
load: ${load}
calls: [{ list: tools }]
fleet: { server: lean }
variants: [{ name: a }, { name: b }]
`);
