import type { NodeContext } from '../../context.ts';
import type { CallMemory } from '../../models/port.ts';

/** What the cell of a step with few calls holds: ids of answers that providers work on, by the name of the call. */
type Kept = { calls: { [name: string]: string } };

/**
 * The memory of a step that makes few calls, one after the other, in its cell.
 *
 * @returns the memory of one call, by its name within the step
 */
export function stepMemory(ctx: Pick<NodeContext, 'cell'>): (call: string) => CallMemory {
  const cell = ctx.cell<Kept>();
  const read = async (): Promise<Kept['calls']> => (await cell.read())?.calls ?? {};
  return (call) => ({
    read: async () => (await read())[call] ?? null,
    write: async (id) => cell.write({ calls: { ...(await read()), [call]: id } }),
    clear: async () => {
      const { [call]: _, ...calls } = await read();
      await cell.write({ calls });
    },
  });
}
