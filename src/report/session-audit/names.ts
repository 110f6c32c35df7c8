/** @module Names of the formats of an audit, for help texts: the renderers take a while to load. */

export const SESSION_AUDIT_FORMATS = ['text', 'json', 'junit', 'html'] as const;

export type SessionAuditFormat = (typeof SESSION_AUDIT_FORMATS)[number];
