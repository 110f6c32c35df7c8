/** @module The tables of authorization, in the order of the page. A new one is one file and one line here. */
import { audit } from './audit.ts';
import { decisions } from './decisions.ts';
import { estimates } from './estimates.ts';
import type { AuthorizationTable } from './section.ts';
import { sizing } from './sizing.ts';
import { costs, stages } from './stages.ts';
import { stale } from './stale.ts';

export const AUTHORIZATION_TABLES: readonly AuthorizationTable[] = [
  costs,
  estimates,
  stages,
  stale,
  decisions,
  audit,
  sizing,
];
