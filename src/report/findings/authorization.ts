/** @module Findings about authorization: wrong decisions, what the check costs, how long a revoked token is good, the audit logs. */
import type { Model } from '../model.ts';
import { auditFindings } from './authorization/audit.ts';
import { costFindings } from './authorization/cost.ts';
import { decisionFindings, wrongFindings } from './authorization/decisions.ts';
import { estimatorFindings } from './authorization/estimators.ts';
import { eventFindings } from './authorization/events.ts';
import { sizingFindings } from './authorization/sizing.ts';
import { staleFindings } from './authorization/stale.ts';
import type { Finding } from './finding.ts';

/** Wrong decisions, which come before what is said of single calls. */
export const authorizationFaults = (model: Model): readonly Finding[] => wrongFindings(model);

/** All others. */
export const authorizationFindings = (model: Model): readonly Finding[] => [
  ...eventFindings(model),
  ...staleFindings(model),
  ...decisionFindings(model),
  ...costFindings(model),
  ...estimatorFindings(model),
  ...auditFindings(model),
  ...sizingFindings(model),
];
