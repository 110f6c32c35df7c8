/** @module JSON objects, under the name that the servers know them by. */
export { isObject, type JsonObject } from '../protocol/json-object.ts';
