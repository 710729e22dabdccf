import type { Catalogue } from '../catalogue.ts';
import { splitUses } from '../document/names.ts';
import type { GraphNode } from '../document/types.ts';
import type { JsonSchema } from '../json.ts';
import { agentOutput, isAgent } from './agent-type.ts';
import { builtinType } from './builtin-types.ts';
import { findFacts } from './facts.ts';
import { portsOf } from './ports.ts';

const record = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties,
  additionalProperties: false,
});
const text: JsonSchema = { type: 'string' };
const list: JsonSchema = { type: 'array' };

/** Schemas of `nodes.<id>` for the types the interpreter runs itself; other outputs can be anything. */
const OUTPUTS: Readonly<Record<string, JsonSchema>> = {
  forEach: record({
    results: list,
    errors: { type: 'array', items: record({ index: { type: 'integer' }, error: {} }) },
    count: { type: 'integer' },
  }),
  if: { type: 'boolean' },
  wait: record({ at: text }),
  waitForEvent: record({ name: text, key: { type: ['string', 'null'] }, data: {}, id: text, at: text }),
  approval: record({
    decision: { enum: ['approved', 'rejected'] },
    by: text,
    comment: { type: ['string', 'null'] },
    values: {},
    at: text,
  }),
  respond: record({ status: { type: 'integer' }, headers: {}, body: {} }),
  log: { type: 'null' },
  filter: list,
  limit: list,
  sort: list,
  removeDuplicates: list,
  splitOut: list,
  merge: list,
};

/** Schema of an output that is the name of the port a node leaves by. */
function portName(node: GraphNode, catalogue: Catalogue): JsonSchema {
  const ports = portsOf(node, catalogue);
  return ports === null || ports.length === 0 ? text : { enum: ports };
}

/** Schema of a node's output, or null if nothing is known about it. */
export function outputOf(node: GraphNode, catalogue: Catalogue): JsonSchema | null {
  const { type } = splitUses(node.uses);
  if (type === 'switch') return portName(node, catalogue);
  if (isAgent(node)) return agentOutput(node);
  if (type === 'race') return record({ winner: portName(node, catalogue), output: {} });
  if (builtinType(node.uses) !== undefined) return Object.hasOwn(OUTPUTS, type) ? OUTPUTS[type]! : null;
  // The output of `workflow.run` is that of the other workflow.
  return type === 'workflow.run' ? null : (findFacts(catalogue, node.uses)?.output ?? null);
}
