import { z } from 'zod';
import { defineNode } from '../../integrations/define.ts';

/** The node type of the benchmark. Its activity is `noop`, which the workflows written by hand call, too. */
export const noopNode = defineNode({
  type: 'bench.noop',
  version: '1.0.0',
  title: 'Do nothing',
  description: 'Gives back what it is given.',
  effect: 'idempotent',
  timeout: '2m',
  retry: { maxAttempts: 3, delay: '1s', factor: 2, maxDelay: '1m', attemptTimeout: '30s' },
  input: z.object({ n: z.number() }),
  output: z.object({ n: z.number() }),
  examples: [{ title: 'Nothing', with: { n: 1 } }],
  run: (_ctx, { n }) => Promise.resolve({ n }),
});

/** One shape of work, as a graph and by hand. */
export interface Shape {
  readonly name: string;
  readonly steps: number;
  readonly graph: string;
  readonly byHand: { readonly type: string; readonly input: unknown };
  readonly result: unknown;
  /** Results arrive at about the same time, so the number of workflow tasks that take them varies. */
  readonly atOnce?: true;
  /** Runs per measured block. */
  readonly runs: number;
}

/** Steps one after the other; each gets the result of the one before. */
function chain(steps: number, runs: number): Shape {
  const nodes: Record<string, unknown> = {};
  for (let i = 1; i <= steps; i++) {
    nodes[`s${i}`] =
      i === 1
        ? { uses: 'bench.noop', with: { n: 1 } }
        : { uses: 'bench.noop', needs: [`s${i - 1}`], with: { n: `\${{ nodes.s${i - 1}.n + 1 }}` } };
  }
  return {
    name: `${steps} steps`,
    steps,
    graph: JSON.stringify({ blok: 1, name: `chain-${steps}`, nodes, output: `\${{ nodes.s${steps}.n }}` }),
    byHand: { type: 'chainByHand', input: { to: steps } },
    result: steps,
    runs,
  };
}

/** All steps at once; the result needs all of them. */
function fanOut(width: number, runs: number): Shape {
  const nodes: Record<string, unknown> = {};
  const ids = Array.from({ length: width }, (_, i) => `s${i}`);
  for (const [i, id] of ids.entries()) nodes[id] = { uses: 'bench.noop', with: { n: i } };
  const output = ids.map((id) => `\${{ nodes.${id}.n }}`);
  return {
    name: `fan-out of ${width}`,
    steps: width,
    graph: JSON.stringify({ blok: 1, name: `fan-out-${width}`, nodes, output }),
    byHand: { type: 'fanOutByHand', input: { width } },
    atOnce: true,
    result: ids.map((_, i) => i),
    runs,
  };
}

/** Shapes by the names that `--shapes` takes. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  '3': chain(3, 40),
  '10': chain(10, 20),
  '40': chain(40, 8),
  '1000': chain(1_000, 1),
  'fan-out': fanOut(1_000, 1),
};
