import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testCatalogue, testConnections } from './testing/validated.ts';
import { validateText } from './validate.ts';

const text = readFileSync(new URL('./testing/language-examples.yaml', import.meta.url), 'utf8');
const documents = text
  .split(/^---\n/m)
  .map((document): [string, string] => [/^name: (.+)$/m.exec(document)![1]!, document]);

describe('the examples of the language', () => {
  it('are all there', () => {
    expect(documents).toHaveLength(15);
  });

  it.each(documents)('%s has no problems', (_name, document) => {
    const connections = new Map([
      ...testConnections,
      ...(document.includes('merge-customers') ? [['crm', { type: 'http-bearer' }] as const] : []),
    ]);
    expect(
      validateText(document, { catalogue: testCatalogue, connections, workflows: new Set(['trip-desk', 'crm-lookup']) })
        .problems,
    ).toEqual([]);
  });

  it.each(documents)('%s lacks only the types of an empty catalogue', (_name, document) => {
    const { graph, problems } = validateText(document, { catalogue: new Map() });
    expect(graph).not.toBeNull();
    const codes = new Set(problems.map(({ code }) => code));
    codes.delete('unknown-type');
    expect([...codes]).toEqual([]);
  });
});
