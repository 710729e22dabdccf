import * as db from '../../db/index.ts';
import { renderPrompt } from '../../graph/prompts/render.ts';
import { NodeError } from '../../integrations/error.ts';
import type { Prompts } from '../../integrations/prompts.ts';

/** The prompts of the workspace, as a step uses them. @param within runs queries in the workspace */
export function createPrompts(within: <T>(work: (tx: db.Tenant) => Promise<T>) => Promise<T>): Prompts {
  return {
    render: async ({ name, version, variables = {} }) => {
      const found = await within((tx) => db.getPrompt(tx, { name, version }));
      if (!found) {
        const what = version === undefined ? `prompt "${name}"` : `version ${version} of a prompt "${name}"`;
        throw new NodeError('prompt.notFound', `There is no ${what}. \`blok prompts list\` lists the prompts.`);
      }
      const made = renderPrompt(found.document, variables);
      if ('problem' in made) throw new NodeError('input.invalid', `The prompt "${name}": ${made.problem}`);
      return { name, version: found.version, ...made };
    },
  };
}
