/** @module Findings about caching: what it saves, which `ttlMs` to set, what was served after changes, herds, hints, gateways and streams. */
import type { Model } from '../model.ts';
import { agreementFindings } from './caching/agreement.ts';
import { changeFindings, staleListFaults } from './caching/changes.ts';
import { gainFindings } from './caching/gain.ts';
import { gatewayFindings } from './caching/gateway.ts';
import { herdFindings } from './caching/herd.ts';
import { hintFindings } from './caching/hints.ts';
import { recommendationFindings } from './caching/recommendation.ts';
import { streamFindings } from './caching/streams.ts';
import type { Finding } from './finding.ts';

/** Calls that failed and results that were served too long, which come before what is said of single calls. */
export const cachingFaults = (model: Model): readonly Finding[] => staleListFaults(model);

/** All others. */
export const cachingFindings = (model: Model): readonly Finding[] => [
  ...gainFindings(model),
  ...recommendationFindings(model),
  ...changeFindings(model),
  ...herdFindings(model),
  ...hintFindings(model),
  ...gatewayFindings(model),
  ...streamFindings(model),
  ...agreementFindings(model),
];
