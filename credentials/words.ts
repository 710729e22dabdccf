import { NodeError } from '../integrations/error.ts';

/** The code of the failure that only a person can mend. */
export const EXPIRED = 'connection.expired';

/** What is said about a connection that no person has let in yet. */
export const NEVER_CONNECTED = 'Nobody has connected it yet.';

/** The failure of whoever uses a connection without access. It says who must do what. */
export const expired = (name: string, reason: string): NodeError =>
  new NodeError(
    EXPIRED,
    `The connection "${name}" has no access: ${reason} Its owner must connect it: npx blok connection connect ${name}`,
  );

/** The failure of whoever needs a token while the service gives none. */
export const notRefreshed = (name: string, cause: NodeError): NodeError =>
  new NodeError('connection.refresh', `The connection "${name}" got no new access token: ${cause.message}`, {
    retryable: cause.retryable,
    ...(cause.retryAfterMs !== undefined && { retryAfterMs: cause.retryAfterMs }),
    cause,
  });
