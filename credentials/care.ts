import * as db from '../db/index.ts';
import type { ConnectionTestResult, ConnectionType } from '../integrations/define-connection.ts';
import { ACCESS_TOKEN, secretFieldsOf } from '../integrations/define-connection.ts';
import { NodeError } from '../integrations/error.ts';
import { revoke } from '../integrations/oauth/revoke.ts';
import { openConnection } from '../integrations/open-connection.ts';
import type { At, CredentialDeps } from './deps.ts';
import type { Credentials } from './open.ts';
import { learningRedactor } from './redact.ts';
import { bindingOf, readStored, within } from './stored.ts';
import { oauthOf } from './visit.ts';
import { EXPIRED, NEVER_CONNECTED } from './words.ts';

/** How long a test may take. */
const TEST_MS = 20_000;

/** Makes room for the tokens of a connection that is being stored, in the same transaction. */
export async function prepare(
  tx: db.Tenant,
  type: ConnectionType,
  stored: { name: string; data: Record<string, unknown>; hosts: readonly string[] },
): Promise<void> {
  const { name: connection, data } = stored;
  if (!type.oauth) return void (await db.deleteGrant(tx, { connection }));
  const needsPerson = type.oauth(data).grant === 'authorization_code';
  await db.prepareGrant(tx, {
    connection,
    binding: bindingOf(type, stored),
    state: needsPerson ? 'reconnect' : 'ok',
    error: needsPerson ? NEVER_CONNECTED : null,
  });
}

/** Tries a connection without changing anything at the service. What was found out about its account is noted. */
export async function test(deps: CredentialDeps, credentials: Credentials, at: At): Promise<ConnectionTestResult> {
  const { connection, oauth } = await readStored(deps, at);
  const type = deps.findType(connection.type);
  if (!type?.test) return { ok: false, message: `Connections of type ${connection.type} cannot be tested.` };
  // The service may send a secret back in what it says about it.
  const redactor = learningRedactor();
  redactor.learn(connection, secretFieldsOf(type));
  try {
    const { hosts } = connection;
    const token = oauth ? (await credentials.open(at)).data[ACCESS_TOKEN] : undefined;
    redactor.learn({ ...connection, data: { [ACCESS_TOKEN]: token } });
    const { data } = openConnection(connection, type);
    const signal = AbortSignal.timeout(TEST_MS);
    const ctx = { network: deps.network, signal, hosts, ...(token !== undefined && { accessToken: String(token) }) };
    const result = redactor.value(await type.test(ctx, data));
    if (!oauth || !result.ok) return result;
    const { account = null, scopes = null } = result;
    await within(deps, at, (tx) => db.noteAccount(tx, { connection: at.name, account, scopes }));
    const granted = (await readStored(deps, at)).oauth?.tokens?.scopes;
    return { ...result, ...(scopes === null && granted && { scopes: granted }) };
  } catch (error) {
    if (error instanceof NodeError) return { ok: false, message: redactor.text(error.message) };
    throw error;
  }
}

/**
 * Gives a connection access again, without a person if that can be.
 *
 * @returns false if a person is needed
 * @throws NodeError `connection.refresh`
 */
export async function reconnect(deps: CredentialDeps, credentials: Credentials, at: At): Promise<boolean> {
  const { use } = await oauthOf(deps, at);
  const isPerson = use.grant === 'authorization_code';
  // Who needs nobody may try again, whatever the service said before.
  if (!isPerson) await within(deps, at, (tx) => db.forgetTokens(tx, { connection: at.name, state: 'ok', error: null }));
  try {
    await (isPerson ? credentials.renew(at) : credentials.open(at));
    return true;
  } catch (error) {
    if (isPerson && error instanceof NodeError && error.code === EXPIRED) return false;
    throw error;
  }
}

/**
 * Ends the access of a connection: at the service, if it lets that be done, and here in any case.
 *
 * @returns what the service could not end, in words; null if it ended all
 */
export async function endAccess(deps: CredentialDeps, at: At): Promise<string | null> {
  const { use, tokens } = await oauthOf(deps, at);
  const left = tokens === null ? null : await revoke(deps.network, use, tokens);
  const without =
    use.grant === 'authorization_code'
      ? { state: 'reconnect' as const, error: 'Its access was revoked.' }
      : { state: 'ok' as const, error: null };
  await within(deps, at, (tx) => db.forgetTokens(tx, { connection: at.name, ...without }));
  return left;
}
