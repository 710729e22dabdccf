import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { library, ROOT_NAMES } from '../../graph/expression/index.ts';
import { expressionsPage } from './expressions.ts';

describe('docs/expressions.md', () => {
  it('is what the library says today (npm run docs writes it)', () => {
    const written = readFileSync(new URL('../../docs/expressions.md', import.meta.url), 'utf8');
    expect(written).toBe(expressionsPage());
  });

  it('names every function and every name in scope', () => {
    const page = expressionsPage();
    for (const { entries } of library) {
      for (const { signature } of Object.values(entries)) expect(page).toContain(signature.replaceAll('|', '\\|'));
    }
    const scope = page.slice(page.indexOf('## What is in scope'), page.indexOf('## Grammar'));
    for (const name of ROOT_NAMES) expect(scope).toMatch(new RegExp(`\`${name}[.\`]`));
  });
});
