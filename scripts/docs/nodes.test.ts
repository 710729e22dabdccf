import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { validateText } from '../../graph/index.ts';
import { catalogue } from '../../integrations/describe.ts';
import { get } from '../../integrations/kv/get.ts';
import { nodePage } from './nodes.ts';

const root = new URL('../../', import.meta.url).pathname;
const examples = globSync('docs/nodes/*.md', { cwd: root }).flatMap((file) =>
  [...readFileSync(`${root}${file}`, 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => ({
    file,
    text: text!,
  })),
);

it('the pages of nodes show many examples', () => expect(examples.length).toBeGreaterThan(15));

/** A graph needs a node; the example of a trigger has none. */
const KEEP = `nodes: { keep: { uses: kv.set, with: { key: last, value: '\${{ trigger.item }}' } } }`;

it.each(examples)('$file shows an example without problems: $text', ({ text }) => {
  const whole = `blok: 1\nname: example\n${text}${text.startsWith('triggers:') ? KEEP : ''}`;
  const { problems } = validateText(whole, { catalogue: catalogue() });
  expect(problems).toEqual([]);
});

it('the page of a node says which scopes it needs', () => {
  const connection = { type: 'http-bearer', required: true, scopes: ['orders.read', ['orders.write', 'orders.all']] };
  expect(nodePage({ ...get, connection })).toMatch(
    /\| Scopes +\| `orders\.read`, `orders\.write` or `orders\.all` +\|/,
  );
  expect(nodePage(get)).not.toContain('Scopes');
});
