/** @module The library that reads URI templates, loaded when a server has one: loading it takes longer than the rest of the command. */
export { UriTemplate } from '@modelcontextprotocol/server';
