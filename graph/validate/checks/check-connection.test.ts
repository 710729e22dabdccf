import { expect, it } from 'vitest';
import type { NodeFacts } from '../../catalogue.ts';
import { testCatalogue } from '../testing/validated.ts';
import { validateText } from '../validate.ts';

const facts = testCatalogue.get('http.request')!;
const needs = (scopes: NonNullable<NodeFacts['connection']>['scopes']) => ({
  ...facts,
  type: 'drive.readFile',
  connection: { type: 'oauth2', required: true, ...(scopes && { scopes }) },
});
const graph = (connection: string) =>
  `blok: 1\nname: w\nnodes: { a: { uses: drive.readFile, connection: ${connection}, with: { url: "https://a.test" } } }\n`;

const problemsOf = (given: readonly string[] | null | undefined, scopes?: (string | string[])[]) =>
  validateText(graph('drive'), {
    catalogue: new Map([['drive.readFile', needs(scopes)]]),
    connections: new Map([['drive', { type: 'oauth2', ...(given !== undefined && { scopes: given }) }]]),
  }).problems.map(({ code, severity, path, message }) => ({ code, severity, path, message }));

it('warns of a connection that is known to lack a scope that the node needs', () => {
  expect(problemsOf(['profile'], ['drive.read', ['drive.write', 'drive.all']])).toEqual([
    {
      code: 'missing-scope',
      severity: 'warning',
      path: '/nodes/a/connection',
      message: '`drive` has not been given `drive.read`, `drive.write` or `drive.all`, which `drive.readFile` needs.',
    },
  ]);
});

it.each([
  ['has all of them', ['drive.read', 'drive.all'], ['drive.read', ['drive.write', 'drive.all']]],
  ['is connected to a service that does not say', null, ['drive.read']],
  ['is not connected yet', undefined, ['drive.read']],
  ['is used by a node that names none', [], undefined],
] as const)('does not warn if the connection %s', (_, given, scopes) => {
  expect(problemsOf(given, scopes as never)).toEqual([]);
});
