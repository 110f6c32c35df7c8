/** @module Loaded into a server with `--import`: writes a line per HTTP request to COUNT_FILE, the JSON-RPC method or else the HTTP method. */
import { appendFileSync } from 'node:fs';
import { Server } from 'node:http';

const { COUNT_FILE } = process.env;
const { emit } = Server.prototype;

Server.prototype.emit = function countRequests(event, ...args) {
  if (event === 'request') countOne(args[0]);
  return emit.call(this, event, ...args);
};

/** Reads along with the server: every piece of the body passes through `push`, and `null` ends it. */
function countOne(request) {
  const pieces = [];
  const { push } = request;
  request.push = function readAlong(piece, encoding) {
    if (piece === null) appendFileSync(COUNT_FILE, `${nameOf(request.method, Buffer.concat(pieces))}\n`);
    else if (piece) pieces.push(Buffer.from(piece, encoding));
    return push.call(this, piece, encoding);
  };
}

function nameOf(httpMethod, body) {
  try {
    return JSON.parse(body.toString()).method ?? 'answer';
  } catch {
    return httpMethod;
  }
}
