/** @module MCP Apps on the wire. Source: MCP Apps (`io.modelcontextprotocol/ui`) 2026-01-26. */

/** The name of the extension. */
export const APPS_EXTENSION = 'io.modelcontextprotocol/ui';
/** The MIME type of a view. */
export const APP_MIME_TYPE = 'text/html;profile=mcp-app';
