import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { NodeError } from '../error.ts';
import type { OAuthUse } from './provider.ts';

/** Life of an assertion, in seconds: some services take no longer one. */
const LIFE = 180;

/**
 * A signed assertion that asks for an access token (RFC 7523): by the key of a service account, without a person.
 *
 * @throws NodeError `connection.invalid`
 */
export function assertionOf({ client, provider }: OAuthUse, now: number): string {
  const key = keyOf(client.privateKey ?? '');
  const isEc = key.asymmetricKeyType === 'ec';
  const issued = Math.floor(now / 1000);
  const header = {
    alg: isEc ? 'ES256' : 'RS256',
    typ: 'JWT',
    ...(client.keyId !== undefined && { kid: client.keyId }),
  };
  const claims = {
    iss: client.id,
    sub: client.subject ?? client.id,
    aud: provider.tokenUrl,
    iat: issued,
    exp: issued + LIFE,
    jti: randomUUID(),
    // Some services read the scopes here, others among the parameters.
    ...(provider.scopes.length > 0 && { scope: provider.scopes.join(' ') }),
  };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

function keyOf(pem: string) {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
    if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // Said below: the error of the parser may hold a part of the key.
  }
  throw new NodeError(
    'connection.invalid',
    'The field privateKey of the connection is not a private key as PEM (RSA, or EC on the curve P-256).',
  );
}
