/** @module The checks, in the order in which their findings are told. */
import { cachingOff } from './caching-off.ts';
import type { Check } from './check.ts';
import { changedMeanwhile, differsByConnection, differsByInstance, differsByRequest } from './differs.ts';
import { hintMalformed } from './hint-malformed.ts';
import { hintMissing } from './hint-missing.ts';
import { hintNotAllowed } from './hint-not-allowed.ts';
import { hintsDiffer } from './hints-differ.ts';
import { noListChanged } from './no-list-changed.ts';
import { orderDiffers } from './order-differs.ts';
import { pagesIncomplete } from './pages-incomplete.ts';
import { publicDiffersByIdentity } from './public-differs-by-identity.ts';
import { scopeDiffersOnPages } from './scope-differs-on-pages.ts';

export const CHECKS: readonly Check[] = [
  publicDiffersByIdentity,
  differsByInstance,
  differsByConnection,
  differsByRequest,
  scopeDiffersOnPages,
  hintMalformed,
  hintsDiffer,
  hintMissing,
  hintNotAllowed,
  pagesIncomplete,
  orderDiffers,
  cachingOff,
  changedMeanwhile,
  noListChanged,
];
