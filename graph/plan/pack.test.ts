import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compile } from '../compile/index.ts';
import { parseGraph } from '../document/parse.ts';
import { testCatalogue } from '../validate/testing/validated.ts';
import { packPlan, unpackPlan } from './pack.ts';

const documents = readFileSync(new URL('../validate/testing/language-examples.yaml', import.meta.url), 'utf8').split(
  /^---\n/m,
);

const planOf = (text: string) => compile(parseGraph(text).graph!, testCatalogue).plan!;

it.each(documents.map((text) => [/^name: (.+)$/m.exec(text)?.[1], text]))('packs %s without loss', (_, text) => {
  const plan = planOf(text!);
  const travelled = JSON.parse(JSON.stringify(packPlan(plan)));
  expect(unpackPlan(travelled)).toEqual(plan);
});

it('says once what a thousand nodes have in common', () => {
  const nodes = Array.from({ length: 1_000 }, (_, i) => `  n${i}: { uses: kv.get, with: { key: k${i} } }`);
  const plan = planOf(`blok: 1\nname: wide\nnodes:\n${nodes.join('\n')}`);
  const packed = packPlan(plan);
  expect(packed.effects).toHaveLength(1);
  expect(JSON.stringify(packed).length).toBeLessThan(JSON.stringify(plan).length / 1.8);
});
