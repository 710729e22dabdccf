import {
  createRun,
  DEFAULT_LIMITS,
  type PlanNode,
  type RunFacts,
  restoreRun,
  type TakenSteps,
  unseal,
  type Visible,
} from '../../graph/sandbox.ts';
import type { EachContext, EachInput } from '../chain-contract.ts';
import type { Enveloped, RunSnapshot } from '../contract.ts';
import type { Driver } from '../interpreter/base/driver.ts';
import { newDriver } from '../interpreter/base/driver.ts';

/** Every page is short enough to run inline, whatever its length. */
const LIMITS = { ...DEFAULT_LIMITS, inlineItems: Number.POSITIVE_INFINITY };

/** A run of one page of the list: a body that holds only the loop's node, with the page's items as its list. */
export function openPage(
  input: EachInput,
  { node, facts, taken }: EachContext & { readonly taken: TakenSteps | undefined },
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
    taken,
    part: { root, key: input.frameKey, offset: from },
  };
  const run = snapshot ? restoreRun(spec, snapshot.state) : createRun(spec);
  return newDriver(run, input.parent, input.workflowId, snapshot);
}

/** What the body can read from outside the loop. */
export function visibleOf({ visible }: EachContext): Visible {
  const { nodes, errors, loops, local } = unsealed(visible) as Visible;
  const bare = (from: object): never => Object.assign(Object.create(null), from) as never;
  return { nodes: bare(nodes), errors: bare(errors), loops: bare(loops), local: bare(local) };
}

function pageNode({ concurrency, continueOnError }: EachInput, node: PlanNode, items: Enveloped): PlanNode {
  const given = { items: unsealed(items), concurrency, onItemError: continueOnError ? 'continue' : 'fail' };
  return { id: node.id, uses: 'forEach', needs: [], join: 'any', with: ['v', given], body: node.body! };
}

/** A value with its references in place. The envelope is copied, because the next page needs it unchanged. */
const unsealed = (envelope: Enveloped): unknown =>
  unseal({ ...envelope, value: JSON.parse(JSON.stringify(envelope.value ?? null)) });
