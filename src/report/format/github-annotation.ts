/**
 * @module Annotations of GitHub Actions: lines on stdout that a job shows as errors and warnings. Source:
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions, "Setting an error message".
 */
import { plain } from '../wording.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

/** The line of an annotation, without its line break. No text in it can begin another command. */
export function annotationLine({ level, title, message }: Annotation): string {
  return `::${level} title=${property(title)}::${data(message)}`;
}

/** As `escapeData` and `escapeProperty` of the official toolkit (actions/toolkit, packages/core/src/command.ts); line breaks become spaces. */
const data = (text: string): string => plain(text).replaceAll('%', '%25');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
