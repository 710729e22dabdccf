import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPointer, own, toPointer } from '../pointer.ts';
import { formatNeed, parseNeed } from './links.ts';
import { isId, isSlug, isUses, splitUses } from './names.ts';

describe('names', () => {
  it('tells ids, slugs and types', () => {
    expect(['a', 'A_1', 'x'.repeat(64)].every(isId)).toBe(true);
    expect(['', '1a', '_a', 'a-b', 'a.b', 'é', 'x'.repeat(65), 'a\n'].some(isId)).toBe(false);
    expect(['a', 'a-1'].every(isSlug)).toBe(true);
    expect(['A', '-a', 'a_b', 'x'.repeat(64)].some(isSlug)).toBe(false);
    expect(['if', 'http.request', 'slack.sendMessage@2'].every(isUses)).toBe(true);
    expect(['If', 'a.', 'a@0', 'a@', 'a b', '.a'].some(isUses)).toBe(false);
    expect(splitUses('a.b@12')).toEqual({ type: 'a.b', major: 12 });
    expect(splitUses('a.b')).toEqual({ type: 'a.b', major: null });
  });
});

describe('links', () => {
  it('are an id and a port', () => {
    expect(parseNeed('a')).toEqual({ source: 'a', port: 'out' });
    expect(parseNeed('a.error')).toEqual({ source: 'a', port: 'error' });
    expect(['', 'a.', '.a', 'a.b.c', 'a b', 5 as never].map(parseNeed)).toEqual([null, null, null, null, null, null]);
    expect(['a.out', 'a.b'].map((text) => formatNeed(parseNeed(text)!))).toEqual(['a', 'a.b']);
  });
});

describe('pointers', () => {
  it('hold any segments', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (segments) => {
        expect(fromPointer(toPointer(segments))).toEqual(segments);
      }),
    );
  });

  it('own finds no property of a prototype', () => {
    expect(own({ a: 1 }, 'a')).toBe(1);
    expect(own({}, 'toString')).toBeUndefined();
  });
});
