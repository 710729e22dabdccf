import { type ConnectionTestContext, type ConnectionTestResult, defineConnection } from '../define-connection.ts';
import { oauth2Fields, useOf } from './oauth2-fields.ts';

/** Access by OAuth 2.0 to any service, known to Blok or described by the owner. */
export const oauth2 = defineConnection({
  type: 'oauth2',
  title: 'OAuth 2.0',
  description:
    'Access that a person gives on a page of the service, or that the connection gets by a secret or key of its own. Blok keeps the tokens and ' +
    'renews them; they are sent as "Authorization: Bearer …" to the hosts the connection lists. See [connections](../connections.md).',
  fields: oauth2Fields,
  secretFields: ['clientSecret', 'privateKey'],
  allowedHosts: () => [],
  oauth: useOf,
  test: probe,
});

/** Requests `testUrl` with the token, as a node would. */
async function probe(
  ctx: ConnectionTestContext,
  { testUrl, accountField }: { testUrl?: string | undefined; accountField?: string | undefined },
): Promise<ConnectionTestResult> {
  // That there is a token has been seen before.
  if (testUrl === undefined) return { ok: true };
  const { tryCredential } = await import('./probe.ts');
  const data = { accessToken: ctx.accessToken ?? '' };
  return tryCredential(ctx, { name: 'test', type: 'oauth2', data, hosts: ctx.hosts }, testUrl, accountField);
}
