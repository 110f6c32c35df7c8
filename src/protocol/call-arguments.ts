/** @module The arguments of calls: JSON text that is written as bytes into a request, so that no text is made of it for each call. */
import { putBytes } from '../units/put-text.ts';

/** The arguments of a tool, or the cursor of a list: JSON text that is a function of the call's number and its agent alone. */
export interface CallArguments {
  /** The text is plain ASCII, whatever the call. */
  readonly ascii: boolean;
  /** Length in bytes at most. */
  readonly most: number;
  /** The text is the same for all calls, and {@link CallArguments.most} is its length. */
  readonly fixed: boolean;
  /** Writes the text of call `id` by `agent` as UTF-8 into `bytes` at `at`, where there is room for `most` bytes. Returns where it ends. */
  put(id: number, agent: number, bytes: Buffer, at: number): number;
  /** The same as text. */
  text(id: number, agent: number): string;
}

/** Arguments from their JSON text. */
export function jsonText(json: string): CallArguments {
  const encoded = Buffer.from(json);
  return {
    ascii: encoded.length === json.length,
    most: encoded.length,
    fixed: true,
    put: (_id, _agent, bytes, at) => putBytes(encoded, bytes, at),
    text: () => json,
  };
}

/** No arguments. */
export const NO_ARGUMENTS: CallArguments = jsonText('');
