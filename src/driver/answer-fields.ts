/** @module What the head of an answer adds to its classification and its reply. */
import { type Classified, OK } from '../protocol/classify.ts';
import { safeDetail } from '../protocol/detail.ts';
import type { StreamPosition } from '../protocol/sse.ts';
import type { Reply } from './driver.ts';

/** What a driver takes from the head of an answer. */
export interface AnswerFields {
  readonly status: number;
  readonly statusText: string;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** `WWW-Authenticate`. */
  readonly challenge: string | undefined;
  /** `Location` of a redirect (3xx). */
  readonly location: string | undefined;
  /** Values of `Set-Cookie`. */
  readonly setCookies: readonly string[] | undefined;
}

/** `classified`, with what the head says of the failure in its detail: the challenge of a refusal, the location of a redirect. */
export function withHints(
  classified: Classified,
  { challenge, location }: Pick<AnswerFields, 'challenge' | 'location'>,
): Classified {
  const hint = challenge ?? (location === undefined ? undefined : `location ${location}`);
  if (classified === OK || hint === undefined) return classified;
  return { ...classified, detail: safeDetail(`${classified.detail}: ${hint}`) };
}

/** `reply` with what few replies have: cookies, the location of a redirect, where to continue a stream, the cause or the code of a failure. */
export function withRareFields(
  reply: Reply,
  fields: Pick<AnswerFields, 'setCookies' | 'location'> | undefined,
  resume: StreamPosition | undefined,
  { cause, code }: Pick<Classified, 'cause' | 'code'>,
): Reply {
  const setCookies = fields?.setCookies;
  const location = fields?.location;
  const rare = setCookies ?? location ?? resume ?? cause ?? code;
  if (rare === undefined) return reply;
  return {
    ...reply,
    ...(setCookies !== undefined && { setCookies }),
    ...(location !== undefined && { location }),
    ...(resume !== undefined && { resume }),
    ...(cause !== undefined && { cause }),
    ...(code !== undefined && { code }),
  };
}
