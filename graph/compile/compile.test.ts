import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Catalogue, NodeFacts } from '../catalogue.ts';
import { parseGraph } from '../document/parse.ts';
import type { Graph, GraphNode } from '../document/types.ts';
import { dryRun } from '../dry-run/index.ts';
import type { PlanNode } from '../plan/types.ts';
import { testCatalogue } from '../validate/testing/validated.ts';
import { compile } from './index.ts';

const policy = {
  maxAttempts: 3,
  delayMs: 1_000,
  factor: 2,
  maxDelayMs: 30_000,
  attemptTimeoutMs: 10_000,
  giveUpOn: ['x.*'],
};
const facts: NodeFacts = {
  type: 't.do',
  version: '2.1.0',
  title: '',
  effect: 'at-least-once',
  input: {},
  output: {},
  retry: policy,
  timeoutMs: 60_000,
};
const catalogue: Catalogue = new Map([
  ['t.do', facts],
  ['t.do@1', { ...facts, version: '1.4.2' }],
  ['t.pick', { ...facts, type: 't.pick', ports: ['yes', 'no'] }],
  ['t.py', { ...facts, type: 't.py', queue: 'python' }],
  ['workflow.run', { ...facts, type: 'workflow.run' }],
]);

function compiled(nodes: string, more = '') {
  const { graph, problems } = parseGraph(`blok: 1\nname: g\n${more}\nnodes:\n${nodes}`);
  if (!graph) throw new Error(JSON.stringify(problems));
  return compile(graph, catalogue);
}

const nodesOf = (nodes: string): readonly PlanNode[] => compiled(nodes).plan!.body.nodes;
const effectOf = (node: string) => nodesOf(`  a: ${node}`)[0]!.effect!;

describe('a plan', () => {
  it('has its nodes by topological index, then id, whatever order they were written in', () => {
    const nodes = nodesOf(`
  z: { uses: t.do }
  c: { uses: t.do, needs: [b] }
  b: { uses: t.do, needs: [z] }
  a: { uses: t.do, needs: [z.error, hook] }`);
    expect(nodes.map(({ id, needs }) => [id, needs])).toEqual([
      ['z', []],
      [
        'a',
        [
          [0, 'error'],
          ['trigger', 'hook'],
        ],
      ],
      ['b', [[0, 'out']]],
      ['c', [[2, 'out']]],
    ]);
  });

  it('is the same whatever the order of keys', () => {
    const { graph } = parseGraph(`
blok: 1
name: g
nodes:
  b: { uses: forEach, with: { items: [1], concurrency: 2 }, nodes: { y: { uses: t.do, with: { q: 1, p: "\${{ item }}" } }, x: { uses: t.do, needs: [y] } } }`);
    const reorder = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reorder)
        : value !== null && typeof value === 'object'
          ? Object.fromEntries(
              Object.entries(value)
                .sort()
                .reverse()
                .map(([key, each]) => [key, reorder(each)]),
            )
          : value;
    const plan = compile(graph!, catalogue).plan!;
    // As jsonb may return it.
    const stored = reorder(JSON.parse(JSON.stringify(plan))) as typeof plan;
    expect(stored).toEqual(plan);
    const outputs = [plan, stored].map((each) =>
      dryRun({ plan: each, pins: { x: 1, y: 2 } }).steps.map(({ path }) => path),
    );
    expect(outputs[1]).toEqual(outputs[0]);
  });

  it('pins the version a node asks for, and leaves the major version out of its type', () => {
    expect(effectOf('{ uses: t.do }').version).toBe('2.1.0');
    expect(effectOf('{ uses: t.do@1 }').version).toBe('1.4.2');
    expect(nodesOf('  a: { uses: t.do@1 }')[0]!.uses).toBe('t.do');
    expect(compiled('  a: { uses: t.do@7 }').problems).toMatchObject([{ code: 'unknown-type', path: '/nodes/a/uses' }]);
  });

  it('carries the timeout of the run, the workflow for its failure, and its limits', () => {
    const { plan } = compiled(
      '  a: { uses: t.do }',
      'timeout: 1h\nonFailure: desk\nconcurrency: { key: "${{ input.k }}", limit: 2 }\n' +
        'rateLimit: { key: "${{ input.k }}", limit: 3, per: 1m30s, onLimit: drop }',
    );
    expect(plan).toMatchObject({
      timeoutMs: 3_600_000,
      onFailure: 'desk',
      concurrency: { limit: 2, onLimit: 'queue', key: expect.anything() },
      rateLimit: { limit: 3, perMs: 90_000, onLimit: 'drop', key: expect.anything() },
    });
    expect(plan!.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('lists the problems of expressions where they are', () => {
    const { problems } = compiled('  a: { uses: t.do, with: { x: ["${{ 1 + }}"] } }');
    expect(problems).toMatchObject([{ path: '/nodes/a/with/x/0' }]);
  });

  it('says which failures of a node others handle', () => {
    const [a, b] = nodesOf(`
  a: { uses: t.do, timeout: 5s }
  b: { uses: t.do, onError: continue }
  c: { uses: t.do, needs: [a.timeout, a.error] }`);
    expect([a!.handles, a!.timeoutMs, a!.continueOnError]).toEqual([['error', 'timeout'], 5_000, undefined]);
    expect([b!.handles, b!.continueOnError]).toEqual([undefined, true]);
  });
});

describe('retries and timeouts', () => {
  it('are those of the type, unless the node says otherwise', () => {
    expect(effectOf('{ uses: t.do }')).toMatchObject({ retry: policy, timeoutMs: 60_000 });
    expect(effectOf('{ uses: t.do, retry: { maxAttempts: 5, delay: 2s, giveUpOn: [a] } }').retry).toEqual({
      ...policy,
      maxAttempts: 5,
      delayMs: 2_000,
      giveUpOn: ['a'],
    });
  });

  it('a delay longer than the maxDelay of the type raises maxDelay', () => {
    expect(effectOf('{ uses: t.do, retry: { delay: 5m } }').retry).toMatchObject({
      delayMs: 300_000,
      maxDelayMs: 300_000,
    });
  });

  it('a node with its own retries gets the time they need, unless it has a timeout', () => {
    expect(effectOf('{ uses: t.do, retry: { maxAttempts: 5, delay: 1m, maxDelay: 2m } }').timeoutMs).toBe(
      5 * 10_000 + 60_000 + 3 * 120_000,
    );
    expect(effectOf('{ uses: t.do, timeout: 30s, retry: { maxAttempts: 5, delay: 1m } }').timeoutMs).toBe(30_000);
    expect(effectOf('{ uses: t.do, retry: { maxAttempts: 1 } }').timeoutMs).toBe(60_000);
  });

  it('a called workflow may take years', () => {
    expect(effectOf('{ uses: workflow.run }').timeoutMs).toBeGreaterThan(5 * 365 * 86_400_000);
    expect(effectOf('{ uses: workflow.run, timeout: 1h }').timeoutMs).toBe(3_600_000);
  });
});

describe('what is read of an output', () => {
  it('is listed for its activity to return inline: from parameters, guards, outputs, undo and bodies inside', () => {
    const nodes = nodesOf(`
  a: { uses: t.do, compensate: { uses: t.do, with: { id: "\${{ nodes.a?.undoId }}" } } }
  b: { uses: if, needs: [a], with: { test: "\${{ nodes.a.rows.length > 0 && nodes.a['b/c'] }}" } }
  c: { uses: try, needs: [a], nodes: { d: { uses: t.do, if: "\${{ nodes.a.inner }}" } }, finally: { nodes: { e: { uses: t.do } } } }`);
    expect(nodes[0]!.effect!.inline).toEqual(['/b~1c', '/inner', '/rows/length', '/undoId']);
  });

  it('is listed for a loop, too, and always the port of a type that chooses', () => {
    const [each, pick] = nodesOf(`
  each: { uses: forEach, with: { items: [1] }, nodes: { x: { uses: t.do } } }
  pick: { uses: t.pick }
  a: { uses: t.do, needs: [each], with: { n: "\${{ nodes.each.errors.length }}" } }`);
    expect(each!.inline).toEqual(['/errors/length']);
    expect(pick!.effect!.inline).toEqual(['/port']);
  });
});

describe('the examples of the language', () => {
  const examples = readFileSync(new URL('../validate/testing/language-examples.yaml', import.meta.url), 'utf8')
    .split(/^---\n/m)
    .map((text): [string, string] => [/^name: (.+)$/m.exec(text)![1]!, text]);

  it.each(examples)('%s compiles to a plan that survives a database', (_name, text) => {
    const { plan } = compile(parseGraph(text).graph!, testCatalogue);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(JSON.stringify(plan).length).toBeLessThan(6 * text.length);
  });
});

describe('a graph of a thousand nodes', () => {
  const chain = (count: number, wide: boolean): Graph => {
    const nodes: Record<string, GraphNode> = {};
    for (let i = 0; i < count; i++) {
      const needs = i === 0 ? [] : [wide ? 'n0' : `n${i - 1}`];
      nodes[`n${i}`] = { uses: 't.do', needs, with: { x: i === 0 ? 0 : `\${{ nodes.${needs[0]}.v + 1 }}` } };
    }
    return { blok: 1, name: 'g', nodes };
  };

  it.each([true, false])('compiles in well under a second (wide: %s)', (wide) => {
    const started = performance.now();
    expect(compile(chain(1_000, wide), catalogue).plan?.body.nodes).toHaveLength(1_000);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is compact: a step costs a few hundred bytes', () => {
    const bytes = (count: number) => JSON.stringify(compile(chain(count, false), catalogue).plan).length;
    expect((bytes(1_000) - bytes(100)) / 900).toBeLessThan(450);
  });
});
