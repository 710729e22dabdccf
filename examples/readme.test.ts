import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateText } from '../graph/index.ts';
import { catalogue } from '../integrations/describe.ts';
import { EXAMPLES, loadExamples } from './testing/case.ts';
import { createDryWorld, type DryWorld } from './testing/dry-world.ts';

const readme = readFileSync(join(EXAMPLES, '..', 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text!);

describe('README.md', () => {
  let world: DryWorld;
  beforeAll(async () => {
    world = await createDryWorld();
  });
  afterAll(() => world.close());

  it('shows valid graphs', () => {
    expect(blocks('yaml').length).toBe(2);
    for (const text of blocks('yaml')) expect(validateText(text, { catalogue: catalogue() }).problems).toEqual([]);
  });

  it('says what the first graph returns', async () => {
    const { graph } = validateText(blocks('yaml')[1]!, { catalogue: catalogue() });
    const { status, output } = await world.run(graph!, { pins: { decide: 'approved' } });
    expect({ status, output }).toEqual({ status: 'succeeded', output: JSON.parse(blocks('json')[0]!) });
  });

  it('counts the examples', () =>
    expect(loadExamples().length === 29 && readme.includes('Twenty-nine examples')).toBe(true));
});
