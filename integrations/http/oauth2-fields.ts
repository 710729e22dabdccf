import { z } from 'zod';
import { isLoopback } from '../network/loopback.ts';
import { filledIn, type OAuthProvider, type OAuthUse, placesOf } from '../oauth/provider.ts';
import { oauthProviders, PROVIDER_NAMES } from '../oauth/providers.ts';

/** Parameters of an authorize page that Blok writes itself. */
const OWN_PARAMETERS =
  /^(response_type|response_mode|client_id|redirect_uri|state|scope|code_challenge|code_challenge_method)$/;

/** An address of a service. Secrets go to it, so it needs TLS, except on this machine itself. */
const address = () =>
  z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .refine((text) => {
      const url = URL.parse(text);
      return (
        url !== null &&
        url.username === '' &&
        url.hash === '' &&
        (url.protocol === 'https:' || isLoopback(url.hostname))
      );
    }, 'must be an https address, without a user and without a fragment')
    .optional();

/** A scope as RFC 6749 allows it, several of them in one text, or a list. */
const scopes = () =>
  z.union([
    z
      .string()
      .max(4_000)
      .regex(/^[\x21\x23-\x5b\x5d-\x7e ]*$/, 'must be scopes with spaces between them'),
    z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,500}$/, 'must be scopes')).max(100),
  ]);

const shape = z.strictObject({
  provider: z
    .enum(PROVIDER_NAMES)
    .optional()
    .describe('A service that Blok knows. Without it, give `tokenUrl` and, if a person connects, `authorizeUrl`.'),
  authorizeUrl: address().describe('Address of the page on which a person lets the connection in.'),
  tokenUrl: address().describe('Address at which tokens are given.'),
  revokeUrl: address().describe('Address at which tokens are ended.'),
  issuer: z.string().min(1).max(500).optional().describe('What the service calls itself in `iss` (RFC 9207).'),
  grant: z
    .enum(['authorization_code', 'client_credentials', 'jwt_bearer'])
    .default('authorization_code')
    .describe(
      'How the connection comes to its tokens: a person lets it in (`authorization_code`), or it needs nobody, by its secret (`client_credentials`) or by its key (`jwt_bearer`).',
    ),
  clientId: z.string().min(1).max(1_000).describe('Id of the client, from the service.'),
  clientSecret: z.string().min(1).max(4_000).optional().describe('Secret of the client, unless it is a public one.'),
  privateKey: z.string().max(16_384).optional().describe('Key that signs assertions (PEM), for `jwt_bearer`.'),
  keyId: z.string().min(1).max(500).optional().describe('Id of that key, if the service asks for it.'),
  subject: z.string().min(1).max(500).optional().describe('For whom assertions are made; default: the client.'),
  scopes: scopes().optional().describe('What the connection may do: scopes with spaces between them, or a list.'),
  domain: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'must be a host name')
    .max(253)
    .optional()
    .describe('Your host at the service, if its addresses differ by customer (Salesforce).'),
  tenant: z
    .string()
    .regex(/^[a-z0-9.-]{1,100}$/i, 'must be a tenant')
    .optional()
    .describe('Your tenant (Microsoft); default: `common`.'),
  clientAuth: z
    .enum(['basic', 'post'])
    .optional()
    .describe('How the secret is sent: in a header (`basic`, the default) or in the body (`post`).'),
  body: z.enum(['form', 'json']).optional().describe('Form of the body at `tokenUrl`; default: `form`.'),
  pkce: z.boolean().optional().describe('False if the service refuses the parameters of PKCE.'),
  rotates: z.boolean().optional().describe('True if each refresh ends the refresh token before it.'),
  authorizeParams: z
    .record(z.string().regex(/^[\w.-]{1,100}$/), z.string().max(1_000))
    .optional()
    .describe('Parameters that the authorize page needs besides the usual ones, such as `audience`.'),
  testUrl: address().describe('Address that answers 2xx to a valid token, for testing.'),
  accountField: z
    .string()
    .regex(/^[\w-]+(\.[\w-]+)*$/, 'must be a path such as data.viewer.email')
    .optional()
    .describe('Where the JSON answer of `testUrl` names the account, such as `user.email`.'),
});

/** The fields of a connection of type `oauth2`. */
export const oauth2Fields = shape
  .refine(({ provider, tokenUrl }) => provider !== undefined || tokenUrl !== undefined, {
    message: 'is needed unless provider names a service that Blok knows',
    path: ['tokenUrl'],
  })
  .refine((data) => data.grant !== 'authorization_code' || providerOf(data).authorizeUrl !== undefined, {
    message: 'is needed, because a person has to let the connection in',
    path: ['authorizeUrl'],
  })
  .refine(({ grant, clientSecret }) => grant !== 'client_credentials' || clientSecret !== undefined, {
    message: 'is needed for client_credentials',
    path: ['clientSecret'],
  })
  .refine(({ grant, privateKey }) => grant !== 'jwt_bearer' || privateKey !== undefined, {
    message: 'is needed for jwt_bearer',
    path: ['privateKey'],
  })
  .refine((data) => data.domain !== undefined || !placesOf(providerOf(data)).includes('domain'), {
    message: 'is needed for this service',
    path: ['domain'],
  })
  .refine(({ authorizeParams = {} }) => !Object.keys(authorizeParams).some((name) => OWN_PARAMETERS.test(name)), {
    message: 'may not hold parameters that Blok writes itself',
    path: ['authorizeParams'],
  });

type Data = z.output<typeof shape>;

/** How a connection of type `oauth2` uses OAuth 2.0: what its service is known for, with what the owner says in its place. */
export function useOf(data: Data): OAuthUse {
  const provider = filledIn(providerOf(data), { domain: data.domain, tenant: data.tenant ?? 'common' });
  const { clientId: id, clientSecret: secret, privateKey, keyId, subject } = data;
  return { grant: data.grant, provider, client: { id, secret, privateKey, keyId, subject } };
}

function providerOf(data: Data): OAuthProvider {
  const known: OAuthProvider | undefined = data.provider && oauthProviders[data.provider];
  const { authorizeUrl, tokenUrl, revokeUrl, issuer, clientAuth, body, pkce, rotates, authorizeParams } = data;
  const own = { authorizeUrl, tokenUrl, revokeUrl, issuer, clientAuth, body, pkce, rotates };
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return {
    ...(known ?? { tokenUrl: '', clientAuth: 'basic' as const }),
    ...given,
    authorizeParams: { ...known?.authorizeParams, ...authorizeParams },
    scopes:
      data.scopes === undefined
        ? (known?.scopes ?? [])
        : [data.scopes].flat().flatMap((text) => text.split(' ').filter(Boolean)),
  };
}
