import type { TriggerFacts } from '../../catalogue.ts';
import { connectionFits, type StoredConnection, type ValidationContext } from '../../node-types/context.ts';
import { problem } from '../../problems/codes.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';

/**
 * Checks the `connection` of a node or trigger at `path` against what its type takes (undefined: no connection).
 * `uses` names the type in messages.
 */
export function checkConnection(
  name: string | undefined,
  takes: TriggerFacts['connection'],
  uses: string,
  path: string,
  context: ValidationContext,
): Problem[] {
  const at = `${path}/connection`;
  if (name === undefined) {
    if (!takes?.required) return [];
    const kind = takes.type === undefined ? '' : ` of type ${anyOf(takes.type)}`;
    return [problem('missing-connection', at, `\`${uses}\` needs a connection${kind}.`)];
  }
  if (takes === undefined) return [problem('field-not-allowed', at, `\`${uses}\` takes no connection.`)];
  if (name.includes('${{')) return [problem('expression-not-allowed', at, 'A connection is named by a constant.')];
  if (context.connections === undefined) return [];
  const connection = context.connections.get(name);
  if (connection === undefined) {
    return [
      problem(
        'unknown-connection',
        at,
        `There is no connection \`${name}\`.${didYouMean(name, context.connections.keys())}`,
      ),
    ];
  }
  if (takes.type === undefined || connectionFits(takes.type, connection.type))
    return missingScopes(name, { takes, uses, at }, connection);
  return [
    problem(
      'wrong-connection',
      at,
      `\`${name}\` is of type \`${connection.type}\`; \`${uses}\` takes ${anyOf(takes.type)}.`,
    ),
  ];
}

/** What a service has said that the connection may do is compared; of others, nothing is known. */
function missingScopes(
  name: string,
  { takes: { scopes = [] }, uses, at }: { takes: NonNullable<TriggerFacts['connection']>; uses: string; at: string },
  { scopes: granted }: StoredConnection,
): Problem[] {
  if (granted == null) return [];
  const missing = scopes.filter((one) => ![one].flat().some((scope) => granted.includes(scope)));
  if (missing.length === 0) return [];
  const list = missing.map(anyOf).join(', ');
  return [problem('missing-scope', at, `\`${name}\` has not been given ${list}, which \`${uses}\` needs.`)];
}

const anyOf = (types: string | readonly string[]): string =>
  [types]
    .flat()
    .map((type) => `\`${type}\``)
    .join(' or ');
