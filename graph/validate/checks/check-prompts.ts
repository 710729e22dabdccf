import type { NodeFacts } from '../../catalogue.ts';
import type { Json } from '../../json.ts';
import type { ValidationContext } from '../../node-types/context.ts';
import { problem } from '../../problems/codes.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import { promptsOf } from '../../prompts/uses.ts';

/** Checks that the prompts that a node names exist, if it is known which exist. */
export function checkPrompts(
  facts: Pick<NodeFacts, 'input'>,
  parameters: Json | undefined,
  path: string,
  { prompts }: ValidationContext,
): Problem[] {
  if (prompts === undefined) return [];
  return promptsOf(facts, parameters).flatMap(({ parameter, name, version }) => {
    const at = `${path}/with/${parameter}`;
    const newest = prompts.get(name);
    if (newest === undefined)
      return [
        problem('unknown-prompt', `${at}/name`, `There is no prompt \`${name}\`.${didYouMean(name, prompts.keys())}`),
      ];
    if (version === null || (Number.isInteger(version) && version >= 1 && version <= newest)) return [];
    return [
      problem(
        'unknown-prompt',
        `${at}/version`,
        `The newest version of \`${name}\` is ${newest}; there is no ${version}.`,
      ),
    ];
  });
}
