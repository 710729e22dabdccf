import { z } from 'zod';
import type { Command } from '../../graph/index.ts';
import { json } from '../http/fields.ts';

/** Most commands of one request: each one checks the shape of the whole graph. */
const MOST_COMMANDS = 200;

const pointer = () => z.string().max(2000);
const body = pointer().optional().describe('JSON Pointer of what holds the `nodes`; the graph itself if not given.');
const one = () => z.string().min(1).max(100);
const record = () => z.record(z.string(), json());

/** Commands about nodes. What a node may be is checked when the command is applied. */
const onNodes = [
  z.strictObject({ do: z.literal('addNode'), body, id: one(), node: record() }),
  z.strictObject({ do: z.literal('removeNode'), body, id: one() }),
  z.strictObject({ do: z.literal('renameNode'), body, id: one(), to: one() }),
  z.strictObject({ do: z.literal('link'), body, from: one(), to: one() }),
  z.strictObject({ do: z.literal('unlink'), body, from: one(), to: one() }),
  z.strictObject({ do: z.literal('wrapNodes'), body, ids: z.array(one()).max(1000), id: one(), container: record() }),
  z.strictObject({ do: z.literal('unwrap'), body, id: one() }),
  z.strictObject({ do: z.literal('addNodes'), body, nodes: z.record(z.string(), record()) }),
  z.strictObject({ do: z.literal('moveNodes'), body, ids: z.array(one()).max(1000), to: pointer() }),
  z.strictObject({ do: z.literal('replaceType'), body, id: one(), uses: one(), with: record().optional() }),
  z.strictObject({ do: z.enum(['addLane', 'removeLane']), body, id: one(), lane: z.enum(['catch', 'finally']) }),
] as const;

const onGraph = [
  z.strictObject({ do: z.literal('setParameter'), path: pointer(), value: json().optional() }),
  z.strictObject({ do: z.literal('addTrigger'), id: one(), trigger: record() }),
  z.strictObject({ do: z.literal('removeTrigger'), id: one() }),
  z.strictObject({ do: z.literal('renameTrigger'), id: one(), to: one() }),
] as const;

const command = z
  .discriminatedUnion('do', [...onNodes, ...onGraph])
  .meta({ id: 'EditCommand' })
  .describe('One change of a graph, as `graph/edit/command.ts` describes it.') as unknown as z.ZodType<Command>;

/** Commands that are applied one after the other: all of them, or none. */
export const editBody = z.strictObject({
  commands: z.array(command).min(1).max(MOST_COMMANDS),
});
