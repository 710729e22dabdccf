import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { NodeError } from '../error.ts';
import type { Certificates } from './certificate-fields.ts';

/**
 * The certificates of a connection in the form that TLS needs; null if there are none. Each one is read here, because
 * TLS itself silently ignores an authority it cannot read.
 *
 * @param connection name of the connection, for the message
 * @throws NodeError `connection.invalid` naming the field, never its content
 */
export function secureContextOf(connection: string, { ca, cert, key }: Certificates): SecureContext | null {
  const wrong = (field: string, why: string): NodeError =>
    new NodeError('connection.invalid', `The field "${field}" of the connection "${connection}" ${why}.`);
  if (ca !== undefined && !areCertificates(ca)) throw wrong('ca', 'holds a certificate that cannot be read');
  if (cert === undefined || key === undefined) return ca === undefined ? null : createSecureContext({ ca });
  if (!areCertificates(cert)) throw wrong('cert', 'holds a certificate that cannot be read');
  const belongs = belongTogether(cert, key);
  if (belongs === null) throw wrong('key', 'holds no private key that can be read');
  if (!belongs) throw wrong('key', 'does not belong to the certificate in "cert"');
  return createSecureContext({ cert, key, ...(ca !== undefined && { ca }) });
}

function areCertificates(pem: string): boolean {
  try {
    return blocksOf(pem).every((block) => new X509Certificate(block).fingerprint256 !== '');
  } catch {
    return false;
  }
}

/** Whether a key belongs to the first certificate, the client's own; null if the key cannot be read. */
function belongTogether(cert: string, key: string): boolean | null {
  try {
    return new X509Certificate(blocksOf(cert)[0]!).checkPrivateKey(createPrivateKey(key));
  } catch {
    return null;
  }
}

const blocksOf = (pem: string): string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [''];
