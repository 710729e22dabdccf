import { type Opened, openNamedConnection } from '../../credentials/open-named.ts';
import type { NodeType } from '../../integrations/define.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { checkedParameters } from './checked-parameters.ts';
import { parametersOf } from './parameters.ts';
import { withResume } from './resume-link.ts';

/** What a step works with. */
export interface Prepared {
  readonly input: unknown;
  readonly opened: Opened | null;
}

/**
 * Resolves and checks the parameters of a step, and opens its connection.
 *
 * @throws NodeError `input.invalid`, or what is wrong with the connection
 */
export async function prepareStep(deps: ActivityDeps, request: EffectRequest, node: NodeType): Promise<Prepared> {
  const input = checkedParameters(node, await parametersOf(deps, await withResume(deps, request)));
  const { connection: name, workspace } = request;
  const isKeyless = node.connection?.keyless === true;
  return { input, opened: name ? await openNamedConnection(deps, { workspace, name }, { isKeyless }) : null };
}
