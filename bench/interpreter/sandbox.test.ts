/** What a step costs in the sandbox, in counts, because a busy machine cannot change counts. */
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue, describeNode } from '../../integrations/describe.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { startInputOf } from '../../worker/testing/graph-worker.ts';
import { workflowType } from '../../workflows/contract.ts';
import { bundleByHand } from './by-hand-bundle.ts';
import type { NoopInput } from './noop.ts';
import { createSandbox, type SandboxRun } from './sandbox.ts';
import { noopNode, SHAPES } from './shapes.ts';

const at = '2026-01-01T00:00:00.000Z';

/** The activity that writes records returns nothing; the benchmark's activity returns its number. */
function activity(type: string, input: unknown): unknown {
  if (type.startsWith('blok')) return null;
  const { n, with: given } = input as NoopInput;
  return { output: { n: n ?? (given as { n: number }).n }, meta: { attempt: 1, startedAt: at, endedAt: at } };
}

describe('the interpreter in the sandbox', () => {
  let ours: (shape: string) => Promise<SandboxRun>;
  let byHand: (shape: string) => Promise<SandboxRun>;
  beforeAll(async () => {
    const facts = new Map([...catalogue(), [noopNode.type, describeNode(noopNode)] as const]);
    const [graphs, hand] = [await createSandbox(await workflowBundle()), await createSandbox(await bundleByHand())];
    ours = (shape) => {
      const input = startInputOf(SHAPES[shape]!.graph, facts);
      return graphs({ type: workflowType(input.workflow), input, activity });
    };
    byHand = (shape) => hand({ ...SHAPES[shape]!.byHand, activity });
  }, 60_000);

  it.each(['3', '40'])('takes no more activations and commands than a chain of %s written by hand', async (shape) => {
    const [graph, hand] = [await ours(shape), await byHand(shape)];
    expect(graph.result).toMatchObject({ output: SHAPES[shape]!.result });
    expect(graph.activations).toBe(hand.activations);
    expect(graph.commands).toBe(hand.commands);
  });

  it('makes no more promises per step than a workflow written by hand', async () => {
    const perStep = async (run: typeof ours): Promise<number> =>
      ((await run('40')).promises - (await run('10')).promises) / 30;
    expect(await perStep(ours)).toBeLessThan((await perStep(byHand)) + 1);
  });

  it('has at most 500 steps in flight, and therefore starts no more in one activation', async () => {
    const graph = await ours('fan-out');
    expect(graph.result).toMatchObject({ output: SHAPES['fan-out']!.result });
    expect(graph.mostCommands).toBeLessThanOrEqual(500);
    expect(graph.mostPending).toBeLessThanOrEqual(500);
  });
});
