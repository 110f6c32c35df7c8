/** @module A tool as `tools/list` shows it. */
import { z } from 'zod';
import type { Tool } from '../tools.ts';

/** The schemas that have been converted: tools share them. */
const converted = new WeakMap<z.ZodObject, object>();

/** The entry of `tool` in a list. Source: MCP, `Tool`. */
export function definitionOf({ name, title, description, schema, output, annotations, meta }: Tool): object {
  return {
    name,
    ...(title !== undefined && { title }),
    description,
    inputSchema: jsonSchemaOf(schema, 'input'),
    ...(output && { outputSchema: jsonSchemaOf(output.schema, 'output') }),
    ...(annotations && { annotations }),
    ...(meta && { _meta: meta }),
  };
}

function jsonSchemaOf(schema: z.ZodObject, io: 'input' | 'output'): object {
  const known = converted.get(schema) ?? z.toJSONSchema(schema, { io });
  converted.set(schema, known);
  return known;
}
