/** @module Codes of errors that several parts compare with. Source: JSON-RPC 2.0, section 5.1. */

/** The server does not have the method. */
export const METHOD_NOT_FOUND = -32601;
