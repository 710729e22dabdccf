import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testCatalogue, testConnections } from '../../graph/validate/testing/validated.ts';
import { validateText } from '../../graph/validate/validate.ts';
import { languageCodes, withLanguageCodes } from './language.ts';

const page = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```yaml( problems: ([a-z, -]+))?\n([\s\S]*?)^```$/gm)].map(([, , codes, text]) => ({
  codes: codes?.split(', ') ?? [],
  text: text!,
}));
const agents = readFileSync(new URL('../../docs/agents.md', import.meta.url), 'utf8');
const agentBlocks = [...agents.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
  .map(([, text]) => text!)
  .filter((text) => !text.startsWith('cases:'));
const whole = (text: string): string => (/^blok:/m.test(text) ? text : `blok: 1\nname: example\n${text}`);

describe('docs/language.md', () => {
  it('has its table of codes up to date', () => {
    expect(withLanguageCodes(page)).toBe(page);
  });

  it('has an entry for every code', () => {
    for (const [, code] of languageCodes().matchAll(/<a id="([a-z-]+)">/g)) expect(page).toContain(`\`${code}\``);
  });

  it.each(blocks)('shows a graph with no problems except $codes: $text', ({ codes, text }) => {
    const { problems } = validateText(whole(text), { catalogue: testCatalogue, connections: testConnections });
    expect(problems.map(({ code }) => code)).toEqual(codes);
  });

  it.each(agentBlocks)('and so does docs/agents.md: %s', (text) => {
    const { problems } = validateText(whole(text), { catalogue: testCatalogue, connections: testConnections });
    expect(problems).toEqual([]);
  });

  it('shows many', () => {
    expect(blocks.length).toBeGreaterThan(15);
  });
});
