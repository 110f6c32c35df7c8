/** @module Reads what the tests of the documentation check: the links, headings, code blocks and code spans of a Markdown file. */

/** A block between fences. */
export interface CodeBlock {
  /** The word after the opening fence; empty when there is none. */
  readonly language: string;
  readonly text: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
}

const FENCE = /^```(\w*)$/;

/** The blocks between fences, in order. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: { language: string; text: string; line: number }[] = [];
  let open: (typeof blocks)[number] | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const [fence, language] = FENCE.exec(line) ?? [];
    if (open !== undefined && fence === undefined) open.text += `${line}\n`;
    else if (open !== undefined) open = undefined;
    else if (fence !== undefined) {
      open = { language: language!, text: '', line: index + 1 };
      blocks.push(open);
    }
  }
  return blocks;
}

/** The text without its code blocks. */
function prose(markdown: string): string {
  let inside = false;
  return markdown
    .split('\n')
    .filter((line) => {
      const fence = FENCE.test(line);
      if (fence) inside = !inside;
      return !fence && !inside;
    })
    .join('\n');
}

/** What stands between backquotes, outside of code blocks. */
export const codeSpans = (markdown: string): readonly string[] =>
  [...prose(markdown).matchAll(/`([^`]+)`/g)].map((match) => match[1]!.replace(/\s+/g, ' '));

/** Where links and pictures lead to. */
export const links = (markdown: string): readonly string[] =>
  [...prose(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);

/** The anchors of the headings, as GitHub names them: lower case, no punctuation, a hyphen for each space. */
export function anchors(markdown: string): readonly string[] {
  const headings = [...prose(markdown).matchAll(/^#+ (.+)$/gm)].map((match) => match[1]!);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
