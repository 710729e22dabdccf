import { describe, expect, it } from 'vitest';
import { parseGraph } from '../document/parse.ts';
import { LANGUAGE_KEYS } from '../document/schema.ts';
import { testCatalogue } from '../validate/testing/validated.ts';
import { validateText } from '../validate/validate.ts';
import { foreignField, foreignOutput, foreignParameter } from './foreign-words.ts';

const validated = (text: string) => validateText(text, { catalogue: testCatalogue }).problems;
const node = (text: string) => `blok: 1\nname: a\nnodes:\n  a: ${text}\n  b: { uses: set, with: { value: 1 } }\n`;

describe('words of other tools', () => {
  it.each([
    ['{ uses: kv.get, with: { key: a }, depends_on: [b] }', 'needs: [a, b.port]'],
    ['{ type: kv.get, with: { key: a } }', 'uses: kv.get'],
    ['{ uses: log, with: { message: "{{ $json.x }}, {{ $json.y }}" } }', '`${{ input.y }}`'],
    ['{ uses: kv.get, with: { key: a }, retry: { attempts: 3 } }', 'maxAttempts: 3'],
    ['{ uses: respond, with: { statusCode: 200 } }', 'Write `status`.'],
    ['{ uses: kv.get, with: { key: a }, catch: { nodes: {} } }', '`try`, which has `catch`'],
    ['{ uses: set, needs: [b], with: { value: "${{ b.value }}" } }', 'write `nodes.b`'],
    ['[1]', 'such as `a: { uses: set'],
    ['{ uses: set, needs: b, with: { value: 1 } }', '`needs: [b]`'],
    ['{ uses: delay, with: { for: 1s } }', '`uses: wait'],
    ['{ uses: set, with: { value: "${{ steps.b.outputs.x }}" } }', 'nodes.<id>'],
    ['{ uses: set, if: "${{ input.x and input.y }}", with: { value: 1 } }', '&&'],
  ])('%s is answered with the right one', (text, hint) => {
    expect(
      validated(node(text))
        .map((problem) => problem.hint)
        .join('\n'),
    ).toContain(hint);
  });

  it('says what an id looks like', () => {
    const { problems } = parseGraph('blok: 1\nname: a\nnodes: { my-first step: { uses: set, with: { value: 1 } } }');
    expect(problems[0]).toMatchObject({ code: 'bad-id', hint: expect.stringContaining('Write `my_first_step`.') });
  });

  it('never proposes the node itself', () => {
    const [problem] = validated('blok: 1\nname: a\nnodes: { ab: { uses: stop, needs: [ac] } }');
    expect(problem).toMatchObject({ code: 'dangling-link', message: 'There is no node ac in this body.' });
  });

  it('names a parameter only if the type has it', () => {
    expect(foreignParameter('body', ['json', 'url'])).toContain('`json`');
    expect(foreignParameter('body', ['key'])).toBeUndefined();
    for (const key of ['constructor', '__proto__']) {
      expect(foreignField(key)).toBeUndefined();
      expect(foreignParameter(key, ['json'])).toBeUndefined();
    }
  });

  it('names the type that was written under another word', () => {
    expect(foreignField('type', 'log')).toContain('`uses: log`');
    expect(foreignField('type', 7)).toContain('`uses: http.request`');
  });

  it('leads from a field of another tool to the field of the output', () => {
    const graph = 'nodes: { a: { uses: kv.get, with: { key: x } } }\noutput: ${{ nodes.a.result }}';
    const [problem] = validated(`blok: 1\nname: a\n${graph}`);
    expect(problem).toMatchObject({ code: 'unknown-field', hint: 'Write `nodes.a.value`.' });
    expect(foreignOutput(['data', 'length'], ['rows'])).toEqual(['rows', 'length']);
    expect(foreignOutput(['response', 'body', 'id'], ['body'])).toEqual(['body', 'id']);
    expect(foreignOutput(['response', 'data'], ['body'])).toEqual(['body']);
    expect(foreignOutput(['outputs', 'x'], ['body'])).toBeUndefined();
    expect(foreignOutput(['data'], ['status'])).toBeUndefined();
    expect(foreignOutput(['constructor'], ['body'])).toBeUndefined();
  });

  it('leaves the words of the language alone, where a node may have them', () => {
    for (const key of ['uses', 'needs', 'with', 'retry', 'label', 'input', 'output', 'triggers', 'vars']) {
      expect(LANGUAGE_KEYS).toContain(key);
      expect(foreignField(key)).toBeUndefined();
    }
  });
});
