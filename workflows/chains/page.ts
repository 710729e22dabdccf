import {
  createRun,
  DEFAULT_LIMITS,
  type PlanNode,
  type RunFacts,
  restoreRun,
  unseal,
  type Visible,
} from '../../graph/sandbox.ts';
import type { EachContext, EachInput } from '../chain-contract.ts';
import type { Enveloped, RunSnapshot } from '../contract.ts';
import type { Driver } from '../interpreter/base/driver.ts';
import { newDriver } from '../interpreter/base/driver.ts';

/** A page is short enough to be run here, whatever its length. */
const LIMITS = { ...DEFAULT_LIMITS, inlineItems: Number.POSITIVE_INFINITY };

/** A run of one page of the list: the loop's node, alone in a body, with the page's items given. */
export function openPage(
  input: EachInput,
  { node, facts }: EachContext,
  { from, items, snapshot }: { from: number; items: Enveloped; snapshot?: RunSnapshot },
): Driver {
  const root = {
    nodes: [pageNode(input, node, items)],
    output: ['e', ['.', 0, 'nodes', node.id], 'nodes'] as never,
  };
  const spec = {
    plan: input.parent.plan as never,
    facts: unsealed(facts) as RunFacts,
    now: Date.now(),
    limits: LIMITS,
    version: input.interpreterVersion,
    part: { root, key: input.frameKey, offset: from },
  };
  const run = snapshot ? restoreRun(spec, snapshot.state) : createRun(spec);
  return newDriver(run, input.parent, input.workflowId, snapshot);
}

/** What the body sees from around the loop. */
export function visibleOf({ visible }: EachContext): Visible {
  const { nodes, errors, loops, local } = unsealed(visible) as Visible;
  const bare = (from: object): never => Object.assign(Object.create(null), from) as never;
  return { nodes: bare(nodes), errors: bare(errors), loops: bare(loops), local: bare(local) };
}

function pageNode({ concurrency, continueOnError }: EachInput, node: PlanNode, items: Enveloped): PlanNode {
  const given = { items: unsealed(items), concurrency, onItemError: continueOnError ? 'continue' : 'fail' };
  return { id: node.id, uses: 'forEach', needs: [], join: 'any', with: ['v', given], body: node.body! };
}

/** A value with its references in place; the envelope stays as it is, for the next page. */
const unsealed = (envelope: Enveloped): unknown =>
  unseal({ ...envelope, value: JSON.parse(JSON.stringify(envelope.value ?? null)) });
