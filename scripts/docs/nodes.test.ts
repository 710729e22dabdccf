import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { validateText } from '../../graph/index.ts';
import { catalogue } from '../../integrations/describe.ts';

const root = new URL('../../', import.meta.url).pathname;
const examples = globSync('docs/nodes/*.md', { cwd: root }).flatMap((file) =>
  [...readFileSync(`${root}${file}`, 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => ({
    file,
    text: text!,
  })),
);

it('the pages of nodes show many examples', () => expect(examples.length).toBeGreaterThan(15));

it.each(examples)('$file shows an example without problems: $text', ({ text }) => {
  const { problems } = validateText(`blok: 1\nname: example\n${text}`, { catalogue: catalogue() });
  expect(problems).toEqual([]);
});
