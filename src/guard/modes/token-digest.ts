/** @module The SHA-256 of a token, which stands for it in caches, proofs and records. */
import { hash } from 'node:crypto';

/** 64 hexadecimal digits. */
export const digestOf = (token: string): string => hash('sha256', token, 'hex');

/** What of a digest an audit record has: its first 16 digits. */
export const recorded = (digest: string): string => digest.slice(0, 16);
