/** @module The checks, in the order in which they are made and told. A new check is one file and a line here. */
import type { Check } from '../check.ts';
import { needsSession } from './needs-session.ts';

export const CHECKS: readonly Check[] = [needsSession];
