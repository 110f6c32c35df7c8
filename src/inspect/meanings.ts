/** @module What each kind of finding means, and what to do about it. */
import type { InspectionKind } from './inspection.ts';

/** Texts for people, without a closing full stop. */
export interface Meaning {
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

export const MEANINGS: Readonly<Record<InspectionKind, Meaning>> = {
  'public-differs-by-identity': {
    what: 'marked "public", and two identities get different answers',
    why: 'a cache may give a public result to anyone: it shows one identity what only the other may see',
    fix: 'set cacheScope to "private" for this method',
  },
  'differs-by-instance': {
    what: 'instances give different answers to the same identity',
    why: 'a client or a cache keeps the answer of one instance, and calls then fail on another one',
    fix: 'deploy the same version and configuration to all instances',
  },
  'differs-by-connection': {
    what: 'connections get different answers with the same identity',
    why: 'a list must not depend on the connection; a cache keeps what one connection got for all (or the connections end at instances that differ and are not named)',
    fix: 'make the list from the request and its credentials alone; name instances in a response header, so that they can be told apart',
  },
  'differs-by-request': {
    what: 'the same request gets different answers',
    why: 'a cache keeps one of them; a list must not depend on what was asked before',
    fix: 'make the list from the request and its credentials alone',
  },
  'scope-differs-on-pages': {
    what: 'pages of one list have different cacheScope',
    why: 'all pages of a list must have the same; a cache shares one part of the list and not the other',
    fix: 'set the same cacheScope on all pages: "private" if any of them depends on the caller',
  },
  'hint-malformed': {
    what: 'ttlMs or cacheScope has a value that is not allowed',
    why: 'ttlMs must be a whole number of at least 0, and clients clamp it to 24 hours; cacheScope must be "public" or "private". Clients keep such a result for another time than meant, or reject it',
    fix: 'send a whole number of milliseconds, at most 86400000, and "public" or "private"',
  },
  'hints-differ': {
    what: 'instances send different hints with the same result',
    why: 'how long a result is kept, and by whom, depends on which instance answers',
    fix: 'deploy the same configuration to all instances',
  },
  'hint-missing': {
    what: 'ttlMs or cacheScope is absent',
    why: 'both are required; without ttlMs clients keep nothing, and without cacheScope they should keep a result for its caller only',
    fix: 'send both with every cacheable result',
  },
  'hint-not-allowed': {
    what: 'hints on an answer that must not be kept',
    why: 'a cache that looks at the hints alone keeps it, and gives it to others',
    fix: 'send ttlMs and cacheScope with complete results of the six cacheable methods only',
  },
  'pages-incomplete': {
    what: 'the pages of the list do not lead to its end',
    why: 'a client has a part of the list only, or asks without end',
    fix: 'accept each cursor on every instance, and leave nextCursor out on the last page',
  },
  'order-differs': {
    what: 'the same entries come in different orders',
    why: 'the order should be deterministic: a prompt that is made from the list changes, and the prompt cache of the model misses',
    fix: 'sort the list, for example by name',
  },
  'caching-off': {
    what: 'caching is off: ttlMs is 0 everywhere',
    why: 'clients ask again each time they need a list',
    fix: 'set the ttlMs for which each list may be out of date',
  },
  'changed-meanwhile': {
    what: 'the answer changed while it was inspected',
    why: 'if nothing was changed on purpose, answers vary',
    fix: 'inspect again',
  },
  'no-list-changed': {
    what: 'a long ttlMs, and changes are not announced',
    why: 'a client learns of a change when ttlMs is over, not before',
    fix: 'offer listChanged and send the notifications, or shorten ttlMs',
  },
};
