/** @module Loaded with `--import` into a server that has its port written in its code: it listens on PORT instead. */
import { Server } from 'node:net';

const { listen } = Server.prototype;
Server.prototype.listen = function listenOnPort(port, ...rest) {
  return listen.call(this, typeof port === 'number' ? Number(process.env.PORT) : port, ...rest);
};
