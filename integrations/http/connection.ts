import { z } from 'zod';
import { type ConnectionTestContext, type ConnectionTestResult, defineConnection } from '../define-connection.ts';

const testUrl = () =>
  z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address that answers 2xx to a valid credential, for testing.');

/** Visible ASCII: what a header may carry. */
const headerText = () =>
  z
    .string()
    .min(1)
    .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'must be visible ASCII');

/** `Authorization: Bearer …`. */
export const httpBearer = defineConnection({
  type: 'http-bearer',
  title: 'HTTP bearer token',
  description: 'A token sent as "Authorization: Bearer …" to the hosts the connection lists.',
  fields: z.strictObject({ token: headerText().describe('The token, without "Bearer".'), testUrl: testUrl() }),
  secretFields: ['token'],
  allowedHosts: () => [],
  test: (ctx, data) => probe(ctx, 'http-bearer', data),
});

/** `Authorization: Basic …` (RFC 7617, UTF-8). */
export const httpBasic = defineConnection({
  type: 'http-basic',
  title: 'HTTP user and password',
  description: 'A user name and password sent by HTTP basic authentication to the hosts the connection lists.',
  fields: z.strictObject({
    user: z
      .string()
      .regex(/^[^:\p{Cc}]*$/u, 'must hold no colon')
      .describe('User name.'),
    password: z
      .string()
      .regex(/^\P{Cc}*$/u, 'must hold no control characters')
      .describe('Password.'),
    testUrl: testUrl(),
  }),
  secretFields: ['password'],
  allowedHosts: () => [],
  test: (ctx, data) => probe(ctx, 'http-basic', data),
});

/** An API key in a header or a query parameter of its own. */
export const httpHeader = defineConnection({
  type: 'http-header',
  title: 'HTTP API key',
  description: 'An API key sent in a header, or a query parameter, of your choice to the hosts the connection lists.',
  fields: z.strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,100}$/, 'must be a header or parameter name')
      .describe('Name of the header or query parameter, such as `X-API-Key`.'),
    value: headerText().describe('The key.'),
    in: z
      .enum(['header', 'query'])
      .default('header')
      .describe('Where it is sent. Prefer the header: addresses get logged.'),
    testUrl: testUrl(),
  }),
  secretFields: ['value'],
  allowedHosts: () => [],
  test: (ctx, data) => probe(ctx, 'http-header', data),
});

/** Asks `testUrl` as a node would: same guard, same host binding. */
async function probe(
  ctx: ConnectionTestContext,
  type: string,
  data: { testUrl?: string | undefined },
): Promise<ConnectionTestResult> {
  if (data.testUrl === undefined) return { ok: false, message: 'Give a test address (testUrl) to try the credential.' };
  const { tryCredential } = await import('./probe.ts');
  return tryCredential(ctx, { name: 'test', type, data, hosts: ctx.hosts }, data.testUrl);
}
