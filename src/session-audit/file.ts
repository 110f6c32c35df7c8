/** @module Reads and checks the file of an audit. */
import { type FileKind, readJsonFile } from '../units/json-file.ts';
import { SESSION_AUDIT_SCHEMA, type SessionAudit, sessionAudit } from './document.ts';

const AUDIT: FileKind<SessionAudit> = {
  noun: 'session audit',
  schema: SESSION_AUDIT_SCHEMA,
  content: sessionAudit,
  expected: 'what paceline audit --json printed',
};

/** The audit in the file at `path`. Rejects with a `UserError` when there is none. */
export const readSessionAudit = (path: string): Promise<SessionAudit> => readJsonFile(path, AUDIT);
