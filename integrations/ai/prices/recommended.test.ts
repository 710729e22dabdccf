/** A cost that nobody knows cannot be kept within a budget, so Blok recommends no model without a price. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RETIRED_MODELS } from '../model/models.ts';
import { createPriceList } from './price-list.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const day = new Date().toISOString().slice(0, 10);
const prices = createPriceList();

/** A server in somebody's own rack, for which the page about costs shows how to add a price. */
const OWN = ['llama-4-70b'];

const isPriced = (model: string): boolean =>
  ['openai', 'anthropic', 'gemini'].some((provider) => prices.find({ provider, model, connection: null, day }));

/** Names of models in a page, in a graph or in the code of a node: `model: gpt-6-luna`, or "such as `gpt-6-luna`". */
const namesIn = (text: string): string[] =>
  [
    ...text.matchAll(/\b(?:model|embeddingModel|naming): '?([a-z]+-[a-z0-9.-]*[a-z0-9])/g),
    ...text.matchAll(/\bmodelField\('([^']+)'/g),
    ...text.matchAll(/The model, [^`]* such as `([^`]+)`/g),
  ].map(([, name]) => name!);

const read = (pattern: string): string[] => globSync(pattern, { cwd: root }).map((path) => join(root, path));

describe('every model that Blok recommends has a price', () => {
  it.each([
    ['in the pages', ['README.md', 'docs/*.md', 'docs/nodes/*.md'], 5],
    ['in the nodes', ['integrations/ai/*.ts', 'integrations/ai/tasks/*fields.ts'], 4],
    ['in the examples', ['examples/*/*.yaml', 'examples/*/README.md'], 0],
  ])('%s', (_, patterns, least) => {
    const files = patterns.flatMap(read).filter((file) => !file.endsWith('.test.ts'));
    expect(files.length).toBeGreaterThan(0);
    const names = new Set(files.flatMap((file) => namesIn(readFileSync(file, 'utf8'))));
    expect(names.size).toBeGreaterThanOrEqual(least);
    expect([...names].filter((name) => !isPriced(name) && !OWN.includes(name))).toEqual([]);
  });

  it('instead of one that is retired', () => {
    const instead = new Set(Object.values(RETIRED_MODELS).map((retirement) => retirement.instead));
    expect([...instead].filter((model) => !isPriced(model))).toEqual([]);
  });

  it('and none of them is retired itself', () => {
    const names = new Set(read('docs/nodes/*.md').flatMap((file) => namesIn(readFileSync(file, 'utf8'))));
    expect([...names].filter((name) => name in RETIRED_MODELS)).toEqual([]);
    const instead = Object.values(RETIRED_MODELS).map((retirement) => retirement.instead);
    expect(instead.filter((name) => name in RETIRED_MODELS)).toEqual([]);
  });
});
