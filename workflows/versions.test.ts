/** A run keeps the interpreter version it began with: on the durable driver, without a server. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../bench/interpreter/sandbox.ts';
import { catalogue } from '../integrations/describe.ts';
import { workflowBundle } from '../worker/bundle.ts';
import { startInputOf } from '../worker/testing/graph-worker.ts';
import { type EffectRequest, workflowType } from './contract.ts';

const at = '2026-01-01T00:00:00.000Z';
const effect = 'uses: kv.set, with: { key: k, value: 1 }';
const undo = 'compensate: { uses: kv.set, with: { key: k, value: 0 } }';

/** `k` is done before `n`, in a container that is still waiting when `f` fails the run. */
const UNDO = `
nodes:
  t:
    uses: try
    nodes: { k: { ${effect}, ${undo} }, w: { uses: approval, needs: [k], with: { to: ["role:x"], title: w } } }
    catch: { nodes: {} }
  n: { needs: [m], ${effect}, ${undo} }
  m: { ${effect} }
  f: { uses: fail, needs: [n], with: { code: own.bad, message: no } }`;

describe('effects of a run', () => {
  let effectsOf: (graph: string, interpreterVersion: number) => Promise<string[]>;
  beforeAll(async () => {
    const run = await createSandbox(await workflowBundle());
    effectsOf = async (graph, interpreterVersion) => {
      const steps: string[] = [];
      const activity = (type: string, input: unknown): unknown => {
        // The wait index: no event has arrived in the meantime.
        if (type.startsWith('blok')) return [];
        steps.push((input as EffectRequest).step);
        return { output: 1, meta: { attempt: 1, startedAt: at, endedAt: at } };
      };
      const input = startInputOf(`blok: 1\nname: versions\n${graph}`, catalogue(), { interpreterVersion });
      await run({ type: workflowType('versions'), input, activity }).catch((error: Error) => {
        if (!error.message.startsWith('f: no')) throw error;
      });
      return steps;
    };
  }, 60_000);

  it('that fails: version 2 undoes newest first over all bodies, version 1 inner bodies first', async () => {
    const done = ['m', 't.k', 'n'];
    expect(await effectsOf(UNDO, 2)).toEqual([...done, 'n.compensate', 't.k.compensate']);
    expect(await effectsOf(UNDO, 1)).toEqual([...done, 't.k.compensate', 'n.compensate']);
  });
});
