import { describeVersion } from '../../db/index.ts';
import { type Command, editText } from '../../graph/index.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import type { Preconditions } from '../http/preconditions.ts';
import { ApiProblem } from '../http/problem.ts';
import { textOfVersion } from '../start/version-text.ts';
import { type Before, saveDraft } from './save.ts';
import { noDraft } from './view.ts';

/**
 * Applies commands to the text of a draft: all of them or none. Without a draft, one is begun from the published version.
 *
 * @throws ApiProblem `edit.refused` with the problems; those of `saveDraft`
 */
export async function editDraft(
  ctx: Context,
  input: Preconditions & { name: string; commands: readonly Command[]; principal: Principal },
) {
  const { commands, ...rest } = input;
  const textOf = async ({ current }: Before): Promise<string> => {
    const text = current?.text ?? (await publishedText(ctx, input.name));
    if (text === null) throw noDraft(input.name);
    const edited = editText(text, { do: 'batch', commands });
    if (edited.problems === undefined) return edited.text;
    const first = edited.problems[0];
    throw new ApiProblem(
      'edit.refused',
      first ? `${first.path || 'graph'}: ${first.message}` : 'The draft is no graph.',
      {
        problems: edited.problems,
      },
    );
  };
  return saveDraft(ctx, { ...rest, textOf, repeatable: false });
}

async function publishedText(ctx: Context, name: string): Promise<string | null> {
  const found = await ctx.tenant((tx) => describeVersion(tx, { name }));
  return found === null ? null : (found.text ?? textOfVersion(ctx, { name, version: found.version }));
}
