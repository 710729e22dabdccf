import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../spending.ts';
import { estimateOf, tokensAtMost } from './estimate.ts';

describe('the most tokens that a text can have', () => {
  // What a tokenizer makes of each (the larger of o200k and cl100k, counted once with gpt-tokenizer 4.0.0).
  it.each([
    ['The quick brown fox jumps over the lazy dog.', 10],
    ['QXZJVKWQZX', 8],
    ['Größenwahn', 4],
    ['人工智能', 5],
    ['\ue000\ue100', 6],
    ['', 0],
  ])('is no less than what tokenizers count: %s', (text, tokens) => {
    expect(tokensAtMost(text)).toBeGreaterThanOrEqual(tokens);
  });
});

describe('the estimate of a call', () => {
  it('counts texts, images, documents, and the limit of output', () => {
    const estimate = estimateOf({ texts: ['ab', 'cd'], images: 1, fileBytes: 1_000, maxOutputTokens: 500 });
    expect(estimate).toEqual({ ...NO_USAGE, input: 16_000 + 1_000 + 2 * 18, output: 500 });
  });
});
