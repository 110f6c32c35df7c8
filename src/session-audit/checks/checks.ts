/** @module The checks, in the order in which they are made and told. A new check is one file and a line here. */
import type { Check } from '../check.ts';
import { authorizationDiffersByInstance } from './authorization-differs-by-instance.ts';
import { cursorUnknownElsewhere } from './cursor-unknown-elsewhere.ts';
import { dependsOnEarlierCalls } from './depends-on-earlier-calls.ts';
import { deprecatedFeature } from './deprecated-feature.ts';
import { handleUnknownElsewhere } from './handle-unknown-elsewhere.ts';
import { headerMismatchAccepted } from './header-mismatch-accepted.ts';
import { listDependsOnEarlierCalls } from './list-depends-on-earlier-calls.ts';
import { listDiffersByConnection } from './list-differs-by-connection.ts';
import { listDiffersByInstance } from './list-differs-by-instance.ts';
import { needsSession } from './needs-session.ts';
import { outdatedErrorCode } from './outdated-error-code.ts';
import { requestStateUnknownElsewhere } from './request-state-unknown-elsewhere.ts';
import { resourceUnknownElsewhere } from './resource-unknown-elsewhere.ts';
import { resultDiffersByInstance } from './result-differs-by-instance.ts';
import { sessionIdMinted } from './session-id-minted.ts';
import { setsCookie } from './sets-cookie.ts';
import { stolenHandleAccepted } from './stolen-handle-accepted.ts';
import { taskUnknownElsewhere } from './task-unknown-elsewhere.ts';

export const CHECKS: readonly Check[] = [
  needsSession,
  dependsOnEarlierCalls,
  handleUnknownElsewhere,
  resourceUnknownElsewhere,
  taskUnknownElsewhere,
  cursorUnknownElsewhere,
  requestStateUnknownElsewhere,
  listDiffersByInstance,
  listDiffersByConnection,
  listDependsOnEarlierCalls,
  authorizationDiffersByInstance,
  stolenHandleAccepted,
  resultDiffersByInstance,
  headerMismatchAccepted,
  sessionIdMinted,
  setsCookie,
  outdatedErrorCode,
  deprecatedFeature,
];
