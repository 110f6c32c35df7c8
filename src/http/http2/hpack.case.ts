/** @module What tests of header compression share: blocks as hexadecimal digits, and fields as text. */
import type { Http2Fault } from './fault.ts';
import type { HpackDecoder } from './hpack-decoder.ts';

/** `8286 84` as bytes. */
export const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(/\s/g, ''), 'hex');

/** The fields of `block` as `name: value`, those that are not sound after `!`; and the fault. */
export function fieldsOf(decoder: HpackDecoder, block: Buffer): readonly [string[], Http2Fault | undefined] {
  const fields: string[] = [];
  const fault = decoder.decode(block, 0, block.length, {
    field: (name, value, sound) => fields.push(`${sound ? '' : '!'}${name}: ${value}`),
  });
  return [fields, fault];
}
