import { prepare } from '../../credentials/index.ts';
import { getConnection, putConnection, renewTriggers } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { RateLimit } from '../../integrations/rate-limit.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { present, type ShownConnection } from './present.ts';

/**
 * Stores a connection after checking its fields against its type. Problems name fields, never their values.
 *
 * @throws ApiProblem `connection.invalid`
 */
export async function put(
  ctx: Context,
  input: { name: string; type: string; data: Record<string, Json>; hosts?: string[]; rateLimit?: RateLimit },
): Promise<ShownConnection> {
  const type = ctx.findConnectionType(input.type);
  if (!type)
    throw new ApiProblem(
      'connection.invalid',
      `There is no connection type "${input.type.replace(/[^\x20-\x7e]/g, '?')}". docs/nodes/connections.md lists all types.`,
    );
  const checked = type.fields.strict().safeParse(input.data);
  if (!checked.success) {
    const known = new Set(Object.keys(type.fields.shape));
    const problems = checked.error.issues.slice(0, 50).map((issue) => ({
      severity: 'error' as const,
      code: issue.code.replaceAll('_', '-'),
      // An unknown field, or a path below a field, is the caller's text: it may be a secret pasted in the wrong place.
      path: `/data${known.has(String(issue.path[0])) ? `/${String(issue.path[0])}` : ''}`,
      message:
        issue.code === 'unrecognized_keys'
          ? 'has fields its type does not have'
          : ['custom', 'invalid_type', 'invalid_value'].includes(issue.code)
            ? issue.message
            : 'does not have the right form',
    }));
    const fields = [...known].join(', ');
    throw new ApiProblem(
      'connection.invalid',
      `data of a ${type.type} connection: ${problems[0]!.path.slice(5) || 'it'} ${problems[0]!.message}. Fields: ${fields}.`,
      { problems },
    );
  }
  const stored = await ctx.tenant(async (tx) => {
    // Triggers may have waited for this connection.
    await renewTriggers(tx);
    const { name, hosts = [], rateLimit } = input;
    const data = checked.data as Record<string, unknown>;
    const { keyring } = ctx;
    await putConnection(tx, { name, type: type.type, data, hosts, keyring, ...(rateLimit && { rateLimit }) });
    await prepare(tx, type, { name, data, hosts });
    return getConnection(tx, { name });
  });
  ctx.triggerAlarm.ring();
  return present(stored!);
}
