import { describe, expect, it } from 'vitest';
import { blocking } from '../../problems/problem.ts';
import { nodes } from '../testing/graphs.ts';
import { testCatalogue } from '../testing/validated.ts';
import { validateText } from '../validate.ts';

const check = (text: string) => blocking(validateText(text, { catalogue: testCatalogue }).problems);

describe('the scope of expressions', () => {
  it('holds `error` in a container that a failure started, and in everything inside it', () => {
    const graph = nodes(
      'a: { uses: file.read, with: { path: x } }',
      'b: { uses: forEach, needs: [a.error], with: { items: "${{ [error.code] }}" }, nodes: { c: { uses: set, with: { value: "${{ error.code }}" } } }, output: "${{ error.code }}" }',
    );
    expect(check(graph)).toEqual([]);
  });

  it('says where in its text an expression is wrong, and how to fix it', () => {
    const [problem] = check(`${nodes('a: { uses: set, with: { value: 1 } }')}output: "a ${'${{'} input. + 1 }}"\n`);
    expect(problem).toMatchObject({ code: 'expression-syntax', path: '/output' });
    expect(problem?.message).toContain('It is at `+ 1 }}`.');
    expect(problem?.hint).toBeTruthy();
    const [unclosed] = check(`${nodes('a: { uses: set, with: { value: 1 } }')}output: "${'${{'} 1"\n`);
    expect(unclosed).toMatchObject({ code: 'expression-unclosed', hint: expect.stringContaining('}}') });
  });
});
