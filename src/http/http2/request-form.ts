/** @module How the requests of one kind of client become frames. */
import type { FieldList } from './hpack-encoder.ts';

/** Writes requests of the type `Request` without an object per request. The length of a body is asked first, and its bytes afterwards. */
export interface RequestForm<Request> {
  /** The fields that repeat from request to request, pseudo-header fields first: the same list for the same ones. */
  shared(request: Request): FieldList;
  /** Most bytes of the other fields. */
  roomForOwn(request: Request): number;
  /** Writes the other fields, as literals, into `bytes` at `at`; `length`: of the body, in bytes. Returns where they end. */
  putOwn(request: Request, length: number, bytes: Buffer, at: number): number;
  /** Bytes of the body, or of what is there of it. */
  bodyLength(request: Request): number;
  /** Writes these into `bytes` at `at`. Returns where they end. */
  putBody(request: Request, bytes: Buffer, at: number): number;
}
