import { prepare } from '../../credentials/index.ts';
import { type ConnectionInfo, getConnection, putConnection, renewTriggers, type Tenant } from '../../db/index.ts';
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
export async function put(ctx: Context, input: NewConnection): Promise<ShownConnection> {
  const stored = await ctx.tenant((tx) => putIn(ctx, tx, input));
  ctx.triggerAlarm.ring();
  return present(stored);
}

interface NewConnection {
  readonly name: string;
  readonly type: string;
  readonly data: Record<string, Json>;
  readonly hosts?: string[];
  readonly rateLimit?: RateLimit;
}

/** Stores a connection within a transaction. Whoever ends it tells the triggers. @throws ApiProblem `connection.invalid` */
export async function putIn(ctx: Context, tx: Tenant, input: NewConnection): Promise<ConnectionInfo> {
  const { type, data } = checked(ctx, input);
  // Triggers may have waited for this connection.
  await renewTriggers(tx);
  const { name, hosts = [], rateLimit } = input;
  const { keyring } = ctx;
  const shown = type.shows?.(data);
  await putConnection(tx, { name, type: type.type, data, shown, hosts, keyring, ...(rateLimit && { rateLimit }) });
  await prepare(tx, type, { name, data, hosts });
  return (await getConnection(tx, { name }))!;
}

function checked(ctx: Context, input: NewConnection) {
  const type = ctx.findConnectionType(input.type);
  if (!type)
    throw new ApiProblem(
      'connection.invalid',
      `There is no connection type "${input.type.replace(/[^\x20-\x7e]/g, '?')}". docs/nodes/connections.md lists all types.`,
    );
  const parsed = type.fields.strict().safeParse(input.data);
  if (!parsed.success) {
    const known = new Set(Object.keys(type.fields.shape));
    const problems = parsed.error.issues.slice(0, 50).map((issue) => ({
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
  return { type, data: parsed.data as Record<string, unknown> };
}
