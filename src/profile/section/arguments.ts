/** @module Arguments of a tool in the profile's schema: any JSON mapping whose templates compile. */
import { z } from 'zod';
import { findTemplateFaults } from '../template/template.ts';
import { withRule } from './values.ts';

export const ToolArguments = withRule(
  z.looseObject({}, { error: 'a mapping of arguments' }),
  findTemplateFaults,
);
