import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNeed } from '../../document/links.ts';
import type { Body, GraphNode, TriggerNode } from '../../document/types.ts';
import { topologicalOrder } from '../../structure/order.ts';
import { analyse, mayBeNull, mayHaveNoError, mayStartWithoutError, unclearLinks } from './analyse.ts';
import { ALWAYS, NEVER } from './diagram.ts';
import { type Outcome, outcomes } from './testing/outcomes.ts';
import type { BodyContext } from './ways.ts';

const catalogue = new Map();
const context: BodyContext = { catalogue };
const set = (needs?: string[], more: Partial<GraphNode> = {}): GraphNode => ({ uses: 'set', needs, ...more });
const when = (needs?: string[]): GraphNode => ({ uses: 'if', needs });
const clarity = (nodes: Record<string, GraphNode>, id: string, triggers?: Record<string, TriggerNode>) =>
  unclearLinks(analyse({ nodes }, { catalogue, triggers }), id);

describe('clear joins', () => {
  it('after both sides of an if', () => {
    const nodes = { a: when(), b: set(['a.true']), c: set(['a.false']), d: set(['b', 'c']) };
    expect(clarity(nodes, 'd')).toBe('clear');
    expect(analyse({ nodes }, context).starts.get('d')).toBe(ALWAYS);
  });

  it('after parallel branches', () => {
    expect(clarity({ a: set(), b: set(['a']), c: set(['a']), d: set(['b', 'c']) }, 'd')).toBe('clear');
  });

  it('after nested choices that join again', () => {
    const nodes = {
      a: when(),
      b: when(['a.true']),
      c: set(['b.true', 'b.false']),
      d: set(['a.true']),
      e: set(['c', 'd']),
      f: set(['a.false']),
      g: set(['e', 'f']),
    };
    expect(clarity(nodes, 'e')).toBe('clear');
    expect(clarity(nodes, 'g')).toBe('clear');
  });

  it('after a result and its handled error', () => {
    expect(clarity({ a: set(), b: set(['a.error']), c: set(['a', 'b']) }, 'c')).toBe('clear');
  });

  it('after nodes that continue: their port is live whatever happened', () => {
    expect(clarity({ a: set([], { onError: 'continue' }), b: set(), c: set(['a', 'b']) }, 'c')).toBe('clear');
  });

  it('after two triggers, of which one fires', () => {
    const triggers = { x: { uses: 'webhook' }, y: { uses: 'schedule' } };
    expect(clarity({ a: set(['x', 'y']) }, 'a', triggers)).toBe('clear');
    expect(
      analyse({ nodes: { a: set(['x']) } }, { catalogue, triggers: { x: { uses: 'webhook' } } }).starts.get('a'),
    ).toBe(ALWAYS);
  });
});

describe('unclear joins', () => {
  it('two approvals', () => {
    const nodes = { a: { uses: 'approval' }, b: { uses: 'approval' }, c: set(['a.approved', 'b.approved']) };
    expect(clarity(nodes, 'c')).toEqual(['a.approved', 'b.approved']);
  });

  it('data beside a gate', () => {
    expect(clarity({ price: set(), moved: when(['price']), c: set(['price', 'moved.true']) }, 'c')).toEqual([
      'price',
      'moved.true',
    ]);
  });

  it('an optional step', () => {
    expect(clarity({ a: set(), b: set(['a'], { if: true }), c: set(['a', 'b']) }, 'c')).toEqual(['a', 'b']);
  });

  it('a node and its handled failure beside another', () => {
    expect(clarity({ a: set(), b: set(), h: set(['a.error']), c: set(['a', 'b']) }, 'c')).toEqual(['a', 'b']);
  });

  it('is not unclear because of an outcome that a fail or stop ends', () => {
    for (const end of ['fail', 'stop']) {
      const nodes = { a: set(), check: when(['a']), no: { uses: end, needs: ['check.false'] } };
      expect(clarity({ ...nodes, c: set(['a', 'check.true']) }, 'c')).toBe('clear');
      expect(clarity({ ...nodes, all: { uses: end, needs: ['a', 'check.false'] } }, 'all')).toBe('clear');
    }
  });

  it('is still unclear because of a fail that is handled, or a fail in a container', () => {
    const handled = { uses: 'fail', needs: ['check.false'], onError: 'continue' as const };
    expect(clarity({ a: set(), check: when(['a']), no: handled, c: set(['a', 'check.true']) }, 'c')).toEqual([
      'a',
      'check.true',
    ]);
    const inner = { uses: 'try', needs: ['check.false'], nodes: { no: { uses: 'fail' } } };
    expect(clarity({ a: set(), check: when(['a']), inner, c: set(['a', 'check.true']) }, 'c')).not.toBe('clear');
  });

  it('a trigger beside a node that always starts', () => {
    const triggers = { x: { uses: 'webhook' }, y: { uses: 'schedule' } };
    expect(clarity({ a: set(), b: set(['x', 'a']) }, 'b', triggers)).toEqual(['x', 'a']);
  });
});

describe('what can be', () => {
  it('never runs if it waits for both sides of a choice', () => {
    const { starts } = analyse(
      { nodes: { a: when(), b: set(['a.true', 'a.false'], { join: 'all' }), c: set(['b']) } },
      context,
    );
    expect([starts.get('b'), starts.get('c')]).toEqual([NEVER, NEVER]);
  });

  it('knows at the output that no fail ran', () => {
    const nodes = { a: when(), bad: { uses: 'fail', needs: ['a.false'] }, good: set(['a.true']) };
    const analysis = analyse({ nodes }, context);
    expect(mayBeNull(analysis, analysis.ends, 'good')).toBe(false);
    expect(mayBeNull(analysis, analysis.runs.get('a'), 'good')).toBe(true);
  });

  it('runs though it cannot succeed: a race that no node can win', () => {
    const race = { uses: 'race', needs: ['a.error'], nodes: { b: set(), no: { uses: 'fail', needs: ['b'] } } };
    const analysis = analyse({ nodes: { a: set(), race, c: set(['a']) } }, context);
    expect(analysis.runs.get('race')).not.toBe(NEVER);
    expect(mayBeNull(analysis, analysis.runs.get('race'), 'a')).toBe(true);
    // Its failure ends the body: whoever reads the output knows that it did not run.
    expect(mayBeNull(analysis, analysis.ends, 'c')).toBe(false);
  });

  it('stays small for many parallel branches', () => {
    const nodes: Record<string, GraphNode> = {};
    for (let i = 0; i < 300; i += 1) {
      nodes[`a${i}`] = when();
      nodes[`b${i}`] = when([`a${i}.true`]);
      nodes[`c${i}`] = set([`b${i}.true`]);
    }
    nodes.end = set(
      Object.keys(nodes).filter((id) => id.startsWith('c')),
      { join: 'any' },
    );
    const budget = { left: 100_000 };
    expect(analyse({ nodes }, context, budget).starts.get('end')).not.toBeNull();
  });

  it('gives up within its budget, and then says unknown', () => {
    // Links cross the order of choices: the diagram of `end` is exponential.
    const nodes: Record<string, GraphNode> = {};
    for (let i = 0; i < 40; i += 1) nodes[`x${i}`] = when();
    for (let i = 0; i < 20; i += 1) nodes[`y${i}`] = set([`x${i}.true`, `x${(i * 7 + 20) % 40}.true`], { join: 'all' });
    nodes.end = set(Array.from({ length: 20 }, (_, i) => `y${i}`));
    const analysis = analyse({ nodes }, context, { left: 200 });
    expect(analysis.starts.get('end')).toBeNull();
    expect(unclearLinks(analysis, 'end')).toBe('unknown');
    expect(mayBeNull(analysis, analysis.starts.get('end'), 'y1')).toBe(true);
  });
});

const PORTS: Record<string, string[]> = {
  set: ['out', 'error'],
  if: ['true', 'false', 'error'],
  approval: ['approved', 'rejected', 'timeout'],
  fail: [],
  stop: [],
};
const TRIGGERS = { t1: { uses: 'webhook' }, t2: { uses: 'schedule' } };

/** A small random body without cycles, with valid links only. */
const bodies = fc
  .array(
    fc.record({
      uses: fc.constantFrom('set', 'set', 'if', 'approval', 'fail', 'stop'),
      guard: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
      onError: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
      join: fc.constantFrom('any', 'all') as fc.Arbitrary<'any' | 'all'>,
      picks: fc.array(fc.nat(1000), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((specs): Body => {
    const nodes: Record<string, GraphNode> = {};
    const open = ['t1', 't2'];
    specs.forEach(({ uses, guard, onError, join, picks }, index) => {
      const needs = [...new Set(picks.map((pick) => open[pick % open.length]!))];
      nodes[`n${index}`] = {
        uses,
        ...(needs.length > 0 && index > 0 ? { needs, join } : {}),
        ...(guard ? { if: true } : {}),
        ...(onError ? { onError: 'continue' as const } : {}),
        ...(uses === 'approval' ? { timeout: '1h' } : {}),
      };
      for (const port of PORTS[uses]!) open.push(`n${index}.${port}`);
    });
    return { nodes };
  });

describe('the analysis', () => {
  it('agrees with going through every outcome', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const full = { catalogue, triggers: TRIGGERS };
        const analysis = analyse(body, full);
        const all = outcomes(body, full)!;
        const runs = (outcome: Outcome, id: string) => outcome.nodes.get(id)!.status !== 'skipped';
        const live = (outcome: Outcome, text: string) => {
          const { source, port } = parseNeed(text)!;
          const way = outcome.nodes.get(source);
          return way === undefined ? outcome.trigger === source : way.port === port;
        };
        const ended = all.filter((outcome) => [...outcome.nodes.values()].every((way) => !way.ends));
        for (const id of topologicalOrder(body)) {
          expect([id, analysis.runs.get(id) !== NEVER]).toEqual([id, all.some((outcome) => runs(outcome, id))]);
          expect([id, analysis.runs.get(id) === ALWAYS]).toEqual([id, all.every((outcome) => runs(outcome, id))]);
          const needs = body.nodes[id]!.needs ?? [];
          const pairs = needs.flatMap((a, i) => needs.slice(i + 1).map((b) => [a, b] as const));
          const unclear = pairs.some(
            ([a, b]) =>
              ended.some((outcome) => live(outcome, a) !== live(outcome, b)) &&
              ended.some((outcome) => live(outcome, a) && live(outcome, b)),
          );
          expect([id, unclearLinks(analysis, id) !== 'clear']).toEqual([id, unclear]);
          const failures = needs.filter((text) => /\.(error|timeout)$/.test(text));
          const plain = all.some((outcome) => runs(outcome, id) && !failures.some((text) => live(outcome, text)));
          if (failures.length > 0 && body.nodes[id]!.if === undefined)
            expect([id, mayStartWithoutError(analysis, id)]).toEqual([id, plain]);
          for (const above of analysis.upstream.get(id)!) {
            const nullable = all.some(
              (outcome) => runs(outcome, id) && outcome.nodes.get(above)!.status !== 'succeeded',
            );
            expect([id, above, mayBeNull(analysis, analysis.runs.get(id), above)]).toEqual([id, above, nullable]);
            const fine = all.some((outcome) => runs(outcome, id) && outcome.nodes.get(above)!.status !== 'failed');
            expect([id, above, mayHaveNoError(analysis, analysis.runs.get(id), above)]).toEqual([id, above, fine]);
          }
          const nullable = ended.some((outcome) => outcome.nodes.get(id)!.status !== 'succeeded');
          expect([id, mayBeNull(analysis, analysis.ends, id)]).toEqual([id, nullable]);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('lists no more outcomes than asked for', () => {
    const nodes = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`n${i}`, when()]));
    expect(outcomes({ nodes }, context, 100)).toBeNull();
    expect(outcomes({ nodes: { a: when() } }, context)).toHaveLength(2);
  });
});
