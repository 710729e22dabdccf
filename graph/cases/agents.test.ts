/** Graph tests of agents: what docs/agents.md shows, and what is said about wrong pins. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testCatalogue, testConnections } from '../validate/testing/validated.ts';
import { validateText } from '../validate/validate.ts';
import { parseSuite } from './parse.ts';
import { runSuite } from './run-suite.ts';

const page = readFileSync(new URL('../../docs/agents.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);
const [desk] = blocks;
const suiteOnPage = blocks.find((text) => text.startsWith('cases:'))!;

function results(text: string) {
  const { graph, problems } = validateText(`blok: 1\nname: desk\n${desk}`, {
    catalogue: testCatalogue,
    connections: testConnections,
  });
  expect(problems).toEqual([]);
  const { suite, source, problems: wrong } = parseSuite(text);
  expect(wrong).toEqual([]);
  return runSuite({ suite: suite!, ...(source && { source }), graph: graph!, catalogue: testCatalogue });
}

it('the test of docs/agents.md passes', () => {
  const { results: found, problems } = results(suiteOnPage);
  expect(problems).toBeUndefined();
  expect(found).toMatchObject([{ passed: true, differences: [] }]);
});

it('a pin that says nothing that a model could answer is explained', () => {
  const text = 'cases: [{ name: a, input: { mail: x }, pins: { "desk[0].model": { said: x } }, expect: {} }]';
  expect(JSON.stringify(results(text))).toContain('must say what the model answers');
});

it('names of steps that an agent has are known, and others are not', () => {
  const text = 'cases: [{ name: a, input: { mail: x }, pins: { "desk[0].modle": { text: x } }, expect: {} }]';
  expect(JSON.stringify(results(text).problems)).toContain('Did you mean `model`?');
});
