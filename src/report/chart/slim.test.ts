import { describe, expect, it } from 'vitest';
import { slim } from './slim.ts';

describe('a drawing in fewer letters', () => {
  it.each([
    [
      'numbers to a hundredth of a pixel',
      '<path d="M0,57.657L-2.0351,3.999"/>',
      '<path d="M0,57.66L-2.04,4"/>',
    ],
    [
      'places too, and no minus before a nought',
      '<g transform="translate(0.5,75.35674018211279) rotate(-0.0001)">',
      '<g transform="translate(0.5,75.36) rotate(0)">',
    ],
    ['no value that is the default', '<line stroke-width="1" opacity="1" x2="5"/>', '<line x2="5"/>'],
    [
      'what hides or tells apart',
      '<text stroke-width="2" opacity="0">',
      '<text stroke-width="2" opacity="0">',
    ],
    [
      'no roles of the parts of an image',
      '<g class="a" role="graphics-object" aria-roledescription="group mark container">',
      '<g class="a">',
    ],
    [
      'no path that is not painted',
      '<path class="background" aria-hidden="true" d="M0,0h0v84h0Z"/><path class="foreground" aria-hidden="true" d="" pointer-events="none" display="none"/>',
      '',
    ],
    [
      'the ground of a panel that is painted',
      '<path class="background" d="M0,0h9v9h-9Z" stroke="red"/>',
      '<path class="background" d="M0,0h9v9h-9Z" stroke="red"/>',
    ],
    ['texts as they are', '<text> opacity="1" d="1.23456"</text>', '<text> opacity="1" d="1.23456"</text>'],
  ])('has %s', (_, before, after) => {
    expect(slim(before)).toBe(after);
  });
});
