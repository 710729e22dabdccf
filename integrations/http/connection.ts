import { type ConnectionTestContext, type ConnectionTestResult, defineConnection } from '../define-connection.ts';
import { basicFields, bearerFields, certificateOnlyFields, headerFields } from './connection-fields.ts';

/** `Authorization: Bearer …`. */
export const httpBearer = defineConnection({
  type: 'http-bearer',
  title: 'HTTP bearer token',
  description: 'A token sent as "Authorization: Bearer …" to the hosts the connection lists.',
  fields: bearerFields,
  secretFields: ['token', 'key'],
  allowedHosts: () => [],
  test: (ctx, data) => probe(ctx, 'http-bearer', data),
});

/** `Authorization: Basic …` (RFC 7617, UTF-8). */
export const httpBasic = defineConnection({
  type: 'http-basic',
  title: 'HTTP user and password',
  description: 'A user name and password sent by HTTP basic authentication to the hosts the connection lists.',
  fields: basicFields,
  secretFields: ['password', 'key'],
  allowedHosts: () => [],
  test: (ctx, data) => probe(ctx, 'http-basic', data),
});

/** An API key in a header or a query parameter of its own. */
export const httpHeader = defineConnection({
  type: 'http-header',
  title: 'HTTP API key',
  description: 'An API key sent in a header, or a query parameter, of your choice to the hosts the connection lists.',
  fields: headerFields,
  secretFields: ['value', 'key'],
  allowedHosts: () => [],
  test: (ctx, data) => probe(ctx, 'http-header', data),
});

/** A private certificate authority, a client certificate, or both, without any other credential. */
export const httpCertificate = defineConnection({
  type: 'http-certificate',
  title: 'HTTP certificates',
  description:
    'Only certificates, for the hosts the connection lists: the authority of a service inside the company, a client certificate, or both.',
  fields: certificateOnlyFields,
  secretFields: ['key'],
  allowedHosts: () => [],
  test: (ctx, data) => probe(ctx, 'http-certificate', data),
});

/** Requests `testUrl` as a node would, with the same guard and the same host binding. */
async function probe(
  ctx: ConnectionTestContext,
  type: string,
  data: { testUrl?: string | undefined },
): Promise<ConnectionTestResult> {
  if (data.testUrl === undefined) return { ok: false, message: 'Give a test address (testUrl) to try the credential.' };
  const { tryCredential } = await import('./probe.ts');
  return tryCredential(ctx, { name: 'test', type, data, hosts: ctx.hosts }, data.testUrl);
}
