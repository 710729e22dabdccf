import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile } from '../../graph/compile/index.ts';
import { graphHash, parseGraph } from '../../graph/index.ts';
import { catalogue } from '../../integrations/describe.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { cli } from '../testing/harness.ts';
import { declarationsText } from './declarations.ts';
import * as blok from './define.ts';
import { typeText } from './type-text.ts';

// The runtime is typed by the declarations, which only programs that import `blok` see.
// biome-ignore lint/suspicious/noExplicitAny: the builders as a program without types sees them
type Untyped = any;

const { DefineError } = blok;
const { expr, index, item, maybe, text } = blok as Untyped;
const define = blok.defineGraph as (head: object, build: (graph: Untyped) => unknown) => Untyped;
const example = (name: string) => new URL(`../../examples/${name}`, import.meta.url);

describe('defineGraph', () => {
  it('writes references as expressions, links as texts, and keeps constants', () => {
    const graph = define({ name: 'x', vars: { limit: 5 } }, ({ input, vars, node }) => {
      const a = node('a', {
        uses: 'http.request',
        with: { url: text`https://a.test/${input.id}`, query: { n: 1, x: undefined } },
      });
      const big = node('big', { uses: 'if', needs: [a], with: { test: expr`${a.output.body.n} > ${vars.limit}` } });
      node('b', { uses: 'set', needs: [big.on('true')], with: { value: [a.output.body['a b'][0], a.output.headers] } });
      return { n: maybe(a.output).body, code: maybe(a.error).code, list: expr`${a.output.body}.map(x => x + ${'é"'})` };
    });
    expect(graph).toEqual({
      blok: 1,
      name: 'x',
      vars: { limit: 5 },
      nodes: {
        a: { uses: 'http.request', with: { url: 'https://a.test/${{ input.id }}', query: { n: 1 } } },
        big: { uses: 'if', needs: ['a'], with: { test: '${{ nodes.a.body.n > vars.limit }}' } },
        b: {
          uses: 'set',
          needs: ['big.true'],
          with: { value: ['${{ nodes.a.body["a b"][0] }}', '${{ nodes.a.headers }}'] },
        },
      },
      output: {
        n: '${{ nodes.a?.body }}',
        code: '${{ errors.a?.code }}',
        list: '${{ nodes.a.body.map(x => x + "é\\"") }}',
      },
    });
  });

  it('names loops by their ids, so that the item of an outer loop can be read in an inner one', () => {
    const graph = define({ name: 'x' }, ({ input, forEach }) => {
      forEach('outer', { with: { items: input.rows } }, ({ item: row, forEach: inner }: never) => {
        (inner as typeof forEach)(
          'inner',
          { with: { items: (row as { cells: unknown }).cells } },
          ({ item: cell, index: at, node }: never) => {
            (node as (...args: unknown[]) => void)('s', { uses: 'set', with: { value: [row, cell, at] } });
          },
        );
      });
    });
    expect(graph.nodes.outer.nodes.inner).toEqual({
      uses: 'forEach',
      with: { items: '${{ loops.outer.item.cells }}' },
      nodes: {
        s: {
          uses: 'set',
          with: { value: ['${{ loops.outer.item }}', '${{ loops.inner.item }}', '${{ loops.inner.index }}'] },
        },
      },
    });
    const { problems } = compile(graph, catalogue());
    expect(problems).toBeUndefined();
  });

  it('builds every container', () => {
    const graph = define({ name: 'x' }, ({ while: loop, race, try: attempt }) => {
      loop(
        'w',
        { with: { state: 0, test: expr`${'state'} != null` } },
        ({ state }: { state: unknown }) => expr`${state} + 1`,
      );
      race(
        'r',
        {},
        ({ node }: never) => void (node as (...args: unknown[]) => void)('a', { uses: 'wait', with: { for: '1s' } }),
      );
      attempt('t', {}, () => 1, {
        catch: { if: expr`true`, body: ({ error }: { error: { code: unknown } }) => error.code },
        finally: ({ node }: never) =>
          void (node as (...args: unknown[]) => void)('f', { uses: 'log', with: { message: 'over' } }),
      });
    });
    expect(graph.nodes.w.output).toBe('${{ loops.w.state + 1 }}');
    expect(graph.nodes.r).toEqual({ uses: 'race', nodes: { a: { uses: 'wait', with: { for: '1s' } } } });
    expect(graph.nodes.t).toEqual({
      uses: 'try',
      nodes: {},
      output: 1,
      catch: { if: '${{ true }}', nodes: {}, output: '${{ error.code }}' },
      finally: { nodes: { f: { uses: 'log', with: { message: 'over' } } } },
    });
  });

  it('builds an agent, whose tools name their call by the agent', () => {
    const graph = define({ name: 'x' }, ({ agent }) => {
      const desk = agent(
        'desk',
        { connection: 'openai', with: { model: 'm', input: 'x', tools: { find: { description: 'F.' } } } },
        ({ item: call, node }: { item: { args: { n: unknown } }; node: (...args: unknown[]) => unknown }) =>
          void node('find', { uses: 'kv.get', with: { key: call.args.n } }),
      );
      return desk.output.text;
    });
    expect(graph).toMatchObject({
      nodes: {
        desk: {
          uses: 'ai.agent',
          with: { tools: { find: { description: 'F.' } } },
          nodes: { find: { uses: 'kv.get', with: { key: '${{ loops.desk.item.args.n }}' } } },
        },
      },
      output: '${{ nodes.desk.text }}',
    });
  });

  it('puts parentheses around an expression within another, and writes `${{` of a text so that it stays a text', () => {
    const sum = expr`${item.a} + ${index}`;
    const graph = define({ name: 'x' }, () => [expr`${sum} * 2`, text`a ${'${{'} b`, text`\${{ x }}`]);
    expect(graph.output).toEqual(['${{ (item.a + index) * 2 }}', 'a ${{ b', "${{ '${{' }} x }}"]);
  });

  it.each([
    [
      'a reference used as a value',
      ({ input }: { input: { a: unknown } }) => `${input.a}`,
      /input\.a has no value yet/,
    ],
    [
      'a node used as a value',
      ({ node }: never) => ({ a: (node as (...args: unknown[]) => unknown)('a', { uses: 'set' }) }),
      /\/output\/a: a node is no value/,
    ],
    ['a function', () => ({ f: () => 1 }), /\/output\/f: a function cannot stand/],
    ['a date', () => new Date(0), /\/output: a Date cannot stand/],
    [
      'two nodes with one id',
      ({ node }: never) => [1, 2].map(() => (node as (...args: unknown[]) => unknown)('a', { uses: 'set' })),
      /Two nodes are called a/,
    ],
  ])('refuses %s', (_what, build, message) => {
    expect(() => define({ name: 'x' }, build as (graph: unknown) => unknown)).toThrow(DefineError);
    expect(() => define({ name: 'x' }, build as (graph: unknown) => unknown)).toThrow(message);
  });
});

describe('a graph in TypeScript', () => {
  const graph = define({ name: 'hello' }, ({ node }) => node('a', { uses: 'set', with: { value: 1 } }).output);
  const files = { 'hello.ts': 'code', 'bad.ts': 'code', 'none.ts': 'code' };
  const modules = {
    'hello.ts': { default: graph },
    'bad.ts': { default: define({ name: 'bad' }, ({ node }) => void node('a', { uses: 'set', with: { vale: 1 } })) },
    'none.ts': {},
  };

  it('is built, validated and run like a document', async () => {
    const built = await cli(['build', 'hello.ts'], { files, modules });
    expect(parseGraph(built.out).graph).toEqual(graph);
    expect((await cli(['validate', 'hello.ts'], { files, modules })).out).toBe('✔ hello.ts');
    expect((await cli(['run', '--dry', 'hello.ts'], { files, modules })).out).toBe('1');
    const written = (await cli(['build', 'hello.ts', '-o', 'hello.yaml'], { files, modules })).written['hello.yaml'];
    expect(written).toBe(`${built.out}\n`);
  });

  it('has the problems of its document, by their path', async () => {
    const { code, err } = await cli(['build', 'bad.ts'], { files, modules });
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^bad\.ts unknown-parameter .* \(at \/nodes\/a\/with\/vale\)$/m),
    ]);
    expect((await cli(['build', 'none.ts'], { files, modules })).err).toContain('none.ts exports no graph');
    expect((await cli(['build', 'gone.ts'], { files, modules })).err).toContain('There is no file gone.ts');
  });

  it('says the same as the example it was written after', () => {
    const built = spawnSync(process.execPath, ['cli/main.ts', 'build', 'examples/book-trip/graph.ts'], {
      encoding: 'utf8',
      cwd: new URL('../../', import.meta.url),
    });
    expect(built.stderr).toBe('');
    const hash = (source: string) => graphHash(parseGraph(source).graph!);
    expect(hash(built.stdout)).toBe(hash(readFileSync(example('book-trip/graph.yaml'), 'utf8')));
  }, 60_000);
});

describe('blok types', () => {
  it('writes types by which TypeScript takes the example, and refuses it with a wrong parameter', async () => {
    const types = (await cli(['types', '-o', 'blok.d.ts'])).written['blok.d.ts']!;
    expect(types).toBe(declarationsText(catalogue()));
    const source = readFileSync(example('book-trip/graph.ts'), 'utf8');
    const folder = temporaryFolder('types');
    const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
    write('blok.d.ts', types);
    write('right.ts', source);
    write('wrong.ts', source.replace('subject: ', 'topic: '));
    const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2024', types: [] };
    write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
    const { stdout } = spawnSync(process.execPath, [tsc, '--pretty', 'false', '-p', folder.path], { encoding: 'utf8' });
    folder.remove();
    expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/wrong\.ts\(\d+,\d+\): error TS2353.*'topic'/)]);
  }, 60_000);

  it('says what a schema says, as far as TypeScript can', () => {
    expect(typeText({ enum: ['a', 1] })).toBe('"a" | 1');
    expect(typeText({ type: ['string', 'null'] })).toBe('string | null');
    expect(typeText({ type: 'array', items: { type: 'integer' } })).toBe('Array<number>');
    expect(
      typeText({
        type: 'object',
        properties: { a: {}, 'b-c': { const: true, description: 'x */ y' } },
        required: ['a'],
      }),
    ).toBe('{\n  a: any;\n  /** x *\\/ y */\n  "b-c"?: true;\n}');
    expect(typeText({ type: 'object', additionalProperties: { type: 'string' } })).toBe('{ [key: string]: string }');
    const recursive = { $ref: '#/$defs/t', $defs: { t: { type: 'object', properties: { t: { $ref: '#/$defs/t' } } } } };
    expect(typeText(recursive)).toContain('t?: any');
  });
});
