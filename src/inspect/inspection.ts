/** @module The result of an inspection of a server, as plain data. */
import { z } from 'zod';

/** What can be wrong. What each means is in `meanings.ts`. */
const INSPECTION_KINDS = [
  'hint-missing',
  'hint-malformed',
  'hints-differ',
  'hint-not-allowed',
  'scope-differs-on-pages',
  'public-differs-by-identity',
  'differs-by-instance',
  'differs-by-connection',
  'differs-by-request',
  'changed-meanwhile',
  'order-differs',
  'pages-incomplete',
  'caching-off',
  'no-list-changed',
] as const;
export type InspectionKind = (typeof INSPECTION_KINDS)[number];

/** One thing that was seen. */
export const InspectionFinding = z.object({
  kind: z.enum(INSPECTION_KINDS),
  /** `bad`: a client or a cache goes wrong because of it; `warning`: it costs something; `info`. */
  severity: z.enum(['bad', 'warning', 'info']),
  /** The method, or the URI after it. */
  where: z.string(),
  /** What was observed: values as they came, shortened. */
  evidence: z.string(),
});
export type InspectionFinding = z.infer<typeof InspectionFinding>;

/** A method that was asked for; `resources/read` once for each URI. */
export const InspectedMethod = z.object({
  method: z.string(),
  /** Of `resources/read`. */
  uri: z.string().nullable(),
  /** False: the server answered it with an error. */
  answered: z.boolean(),
  /** For display. */
  error: z.string().nullable(),
  /** Of the first complete answer, as the four figures below. */
  pages: z.int().min(0),
  entries: z.int().min(0).nullable(),
  bytes: z.int().min(0),
  /** Null: absent, or not a number. */
  ttlMs: z.number().nullable(),
  cacheScope: z.string().nullable(),
});
export type InspectedMethod = z.infer<typeof InspectedMethod>;

export const Inspection = z.object({
  /** Without query parameters that may be secrets. */
  url: z.string(),
  era: z.string(),
  /** Requests that it took, and the identities and instances that were told apart. */
  requests: z.int().min(0),
  connections: z.int().min(0),
  identities: z.int().min(0),
  instances: z.array(z.string()),
  /** False when its limit of time or of requests ended it early: what was seen holds, but less was seen. */
  complete: z.boolean(),
  methods: z.array(InspectedMethod),
  findings: z.array(InspectionFinding),
});
export type Inspection = z.infer<typeof Inspection>;
