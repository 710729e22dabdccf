import type { ConnectionInfo } from '../../db/index.ts';

/** Whether a connection works: `reconnect`: a person must connect it; `refreshError`: its service gave no new token. */
export type ConnectionState = 'ok' | 'reconnect' | 'refreshError';

/** A connection as callers see it. Holds nothing secret. */
export interface ShownConnection extends Omit<ConnectionInfo, 'grant'> {
  readonly state: ConnectionState;
  /** Why it does not work, and who must do what. Null: it works. */
  readonly action: string | null;
  readonly account: string | null;
  readonly scopes: readonly string[] | null;
  /** When its access token ends, which is renewed before. */
  readonly expiresAt: string | null;
  readonly connectedAt: string | null;
  /** Why the last renewal failed. */
  readonly refreshError: string | null;
}

/** What may be shown of a connection. */
export function present({ grant, ...info }: ConnectionInfo): ShownConnection {
  const state = stateOf(grant);
  const { account = null, scopes = null, expiresAt = null, connectedAt = null, error = null } = grant ?? {};
  return {
    ...info,
    state,
    action: actionOf(info.name, state, error ?? ''),
    account,
    scopes,
    expiresAt,
    connectedAt,
    refreshError: state === 'refreshError' ? error : null,
  };
}

function stateOf(grant: ConnectionInfo['grant']): ConnectionState {
  if (grant === null) return 'ok';
  if (grant.state === 'reconnect') return 'reconnect';
  return grant.error === null ? 'ok' : 'refreshError';
}

function actionOf(name: string, state: ConnectionState, error: string): string | null {
  if (state === 'ok') return null;
  if (state === 'reconnect') return `${error} Its owner must connect it: npx blok connection connect ${name}`.trim();
  return (
    `${error} Blok asks again at the next use. If the service refuses the client, its owner must store the right secret: ` +
    `npx blok connection rotate ${name}`
  );
}
