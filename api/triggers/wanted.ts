import type { WantedTrigger } from '../../db/index.ts';
import { splitUses } from '../../graph/document/names.ts';
import type { Graph } from '../../graph/document/types.ts';
import { writtenSubject } from '../../graph/start/index.ts';

/** Types of triggers that have an address of their own. */
const ADDRESSED = ['webhook', 'form'];

/** What a version wants of triggers. `call` needs nothing: every workflow may be called. */
export function triggersOf(
  graph: Graph,
  version: number,
): { workflow: string; version: number; triggers: WantedTrigger[] } {
  const triggers = Object.entries(graph.triggers ?? {})
    .map(([id, node]) => ({ id, uses: splitUses(node.uses).type, subject: writtenSubject(node) }))
    .filter(({ uses }) => uses !== 'call')
    .map((one) => ({ ...one, addressed: ADDRESSED.includes(one.uses) }));
  return { workflow: graph.name, version, triggers };
}
