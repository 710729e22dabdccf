import { z } from 'zod';
import type { NodeContext } from '../../context.ts';
import type { ModelRequest } from '../../models/port.ts';
import { inParallel } from '../parts/in-parallel.ts';
import type { Journal, MemoryOf } from '../parts/journal.ts';
import { type Answered, askShape } from './ask-for.ts';
import { together } from './spent.ts';

/** Texts of a group that a model sees, and letters of each. */
const SHOWN = 12;
const LETTERS = 400;
/** Groups that are named in one call. */
const AT_ONCE = 20;

/** Groups that want a name. */
interface Naming {
  readonly model: string;
  readonly texts: readonly string[];
  /** Positions of the members, the most typical first. */
  readonly clusters: readonly { readonly members: readonly number[] }[];
  readonly instructions?: string | undefined;
  readonly reasoning?: ModelRequest['reasoning'];
}

const named = z.strictObject({
  group: z.int().min(1).describe('Number of the group.'),
  name: z.string().min(1).max(100).describe('A name of two to five words.'),
  description: z.string().min(1).max(500).describe('One sentence: what its texts have in common.'),
});

/** A name and a description for each group. */
export async function nameClusters(
  ctx: NodeContext,
  journal: Journal,
  naming: Naming,
): Promise<Answered<{ name: string; description: string }[]>> {
  const { model, clusters } = naming;
  const starts = Array.from({ length: Math.ceil(clusters.length / AT_ONCE) }, (_, at) => at * AT_ONCE);
  const answers = await inParallel(starts, 4, (start) =>
    journal.part(`names.${start}`, (memoryOf) =>
      nameSome(ctx, { ...naming, clusters: clusters.slice(start, start + AT_ONCE) }, memoryOf),
    ),
  );
  return { value: answers.flatMap(({ value }) => value), spent: together(model, answers) };
}

async function nameSome(
  ctx: NodeContext,
  { model, texts, clusters: some, instructions, reasoning }: Naming,
  memoryOf: MemoryOf,
) {
  const { value, spent } = await askShape(ctx, {
    model,
    memoryOf,
    reasoning,
    name: 'names',
    instructions: [
      'The data are groups of similar texts. Give each group a name that tells it from the others, in the language of its texts.',
      ...(instructions === undefined ? [] : [instructions]),
    ],
    data: some.map(({ members }, at) => ({
      name: `group ${at + 1}`,
      text: members
        .slice(0, SHOWN)
        .map((member) => `- ${texts[member]!.slice(0, LETTERS)}`)
        .join('\n'),
    })),
    shape: z.strictObject({ groups: z.array(named).max(some.length) }),
    check: ({ groups }) =>
      some.flatMap((_, at) => {
        const count = groups.filter(({ group }) => group === at + 1).length;
        return count === 1 ? [] : [`"groups" must hold group ${at + 1} once, not ${count} times.`];
      }),
  });
  const ordered = value.groups.toSorted((a, b) => a.group - b.group);
  return { value: ordered.map(({ name, description }) => ({ name, description })), spent };
}
