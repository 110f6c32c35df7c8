/** @module The bodies of requests as bytes; those of calls are written from the bytes of their template, without a string. */
import { CallRequest } from '../../protocol/call-request.ts';
import type { Request } from '../../protocol/request.ts';
import { digitsOf, putDecimal } from '../../units/put-number.ts';
import { putBytes } from '../../units/put-text.ts';

/** Arguments are rarely longer. */
const ARGUMENTS_BYTES = 4096;

/** Writes bodies into memory of others. The length of a body is asked first: what is made for that is written afterwards. */
export class BodyBytes {
  /** The arguments of the latest call, and where they end: their length is known only when they are made. */
  #made: Buffer = Buffer.allocUnsafeSlow(ARGUMENTS_BYTES);
  #madeEnd = 0;
  #call: CallRequest | undefined = undefined;

  /** Length in bytes of the body of `request`. */
  lengthOf(request: Request): number {
    if (!(request instanceof CallRequest)) {
      return request.ascii ? request.body.length : Buffer.byteLength(request.body);
    }
    const { openBytes, afterIdBytes, restBytes } = request.template;
    const fixed = openBytes.length + afterIdBytes.length + restBytes.length;
    return fixed + digitsOf(request.id) + this.argumentsLength(request);
  }

  /** Writes the body of `request` into `bytes` at `at`, where there is room for it. Returns where it ends. */
  put(request: Request, bytes: Buffer, at: number): number {
    if (!(request instanceof CallRequest)) return at + bytes.write(request.body, at, 'utf8');
    const { template, id } = request;
    const idAt = putBytes(template.openBytes, bytes, at);
    const argumentsAt = putBytes(template.afterIdBytes, bytes, putDecimal(id, bytes, idAt));
    const restAt = this.putArguments(request, bytes, argumentsAt);
    const end = putBytes(template.restBytes, bytes, restAt);
    template.traces?.patch(id, bytes, restAt + template.traceAt);
    return end;
  }

  /** Length in bytes of the arguments of `request`. */
  argumentsLength(request: CallRequest): number {
    const { arguments: args } = request;
    if (args.fixed) return args.most;
    if (request !== this.#call) this.#make(request);
    return this.#madeEnd;
  }

  /** Writes the arguments of `request` into `bytes` at `at`. Returns where they end. */
  putArguments(request: CallRequest, bytes: Buffer, at: number): number {
    const { arguments: args, id, agent } = request;
    if (args.fixed) return args.put(id, agent, bytes, at);
    if (request !== this.#call) this.#make(request);
    return putFirst(this.#made, this.#madeEnd, bytes, at);
  }

  #make(request: CallRequest): void {
    const { arguments: args, id, agent } = request;
    if (args.most > this.#made.length) this.#made = Buffer.allocUnsafeSlow(args.most);
    this.#madeEnd = args.put(id, agent, this.#made, 0);
    this.#call = request;
  }
}

/** Up to here a loop is faster than a call into the runtime. */
const SHORT = 96;

/** Writes the first `count` of `from` into `bytes` at `at`. Returns where they end. */
function putFirst(from: Buffer, count: number, bytes: Buffer, at: number): number {
  if (count > SHORT) from.copy(bytes, at, 0, count);
  else for (let i = 0; i < count; i += 1) bytes[at + i] = from[i]!;
  return at + count;
}
