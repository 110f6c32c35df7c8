/** @module The result of the checks of a server's cache hints, as plain data. */
import { z } from 'zod';

/** What can be wrong. */
export const INSPECTION_KINDS = [
  'hint-missing',
  'hint-malformed',
  'public-differs-by-identity',
  'differs-by-instance',
  'differs-by-connection',
  'caching-off',
  'order-differs',
  'scope-differs-on-pages',
  'hint-not-allowed',
  'no-list-changed',
] as const;
export type InspectionKind = (typeof INSPECTION_KINDS)[number];

/** One thing that was seen. */
export const InspectionFinding = z.object({
  kind: z.string(),
  /** `bad`: a client or a cache goes wrong because of it; `warning`: it costs something; `info`. */
  severity: z.enum(['bad', 'warning', 'info']),
  /** The method, or the URI after it. */
  where: z.string(),
  /** What was observed: values as they came, shortened. */
  evidence: z.string(),
});
export type InspectionFinding = z.infer<typeof InspectionFinding>;

/** A method that was asked for. */
const InspectedMethod = z.object({
  method: z.string(),
  /** Absent: the server answers it with an error; `evidence` has it. */
  answered: z.boolean(),
  error: z.string().nullable(),
  pages: z.int().min(0),
  entries: z.int().min(0).nullable(),
  bytes: z.int().min(0),
  ttlMs: z.number().nullable(),
  cacheScope: z.string().nullable(),
});

export const Inspection = z.object({
  url: z.string(),
  era: z.string(),
  /** Requests that it took, and the identities and instances that were told apart. */
  requests: z.int().min(0),
  identities: z.int().min(0),
  instances: z.array(z.string()),
  methods: z.array(InspectedMethod),
  findings: z.array(InspectionFinding),
});
export type Inspection = z.infer<typeof Inspection>;
