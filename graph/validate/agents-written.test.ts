/** What an agent consists of is written out, because it becomes steps when the graph is published. */
import { expect, it } from 'vitest';
import { testCatalogue, testConnections } from './testing/validated.ts';
import { validateText } from './validate.ts';

const agent = (given: string): string => `
blok: 1
name: demo
input: { type: object }
nodes:
  desk:
    uses: ai.agent
    connection: openai
    with: { model: m, input: x, ${given} }
    nodes: { find: { uses: kv.get, with: { key: x } } }
output: "\${{ nodes.desk.output }}"
`;

it.each([
  ['an approval', 'tools: { find: { description: F., approval: "${{ input.x }}" } }', '/tools/find/approval'],
  ['all tools', 'tools: "${{ input.x }}"', '/tools'],
  ['a tool', 'tools: { find: "${{ input.x }}" }', '/tools/find'],
  ['all servers', 'mcp: "${{ input.x }}", tools: { find: { description: F. } }', '/mcp'],
  ['a server', 'mcp: ["${{ input.x }}"], tools: { find: { description: F. } }', '/mcp/0'],
])('an expression cannot stand for %s', (_what, given, path) => {
  const { problems } = validateText(agent(given), { catalogue: testCatalogue, connections: testConnections });
  expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
    { code: 'expression-not-allowed', path: `/nodes/desk/with${path}` },
  ]);
});

it('a text that is no expression cannot stand for an approval either', () => {
  const text = agent('tools: { find: { description: F., approval: "${{ input. }}" } }');
  const { problems } = validateText(text, { catalogue: testCatalogue, connections: testConnections });
  expect(problems).toMatchObject([{ code: 'expression-syntax', path: '/nodes/desk/with/tools/find/approval' }]);
});
