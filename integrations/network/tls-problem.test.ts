import { describe, expect, it } from 'vitest';
import { type Secured, tlsProblem } from './tls-problem.ts';

const bare: Secured = { connection: 'the connection "crm"', certificates: {} };
const own: Secured = { ...bare, certificates: { ca: 'A', cert: 'B', key: 'C' } };
const openssl = (words: string) => new Error(`40ED:error:0A000410:SSL routines:ssl3_read_bytes:${words}:../ssl.c:918:`);

describe('what is wrong with a secure connection', () => {
  it.each([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  ])('names the field "ca" for %s, and never the runtime’s command line', (code) => {
    const error = new Error('…; if the root CA is installed locally, try running Node.js with --use-system-ca');
    expect(tlsProblem(code, error, bare)).toContain('into the field "ca" of the connection "crm"');
    expect(tlsProblem(code, error, own)).toContain('the authority in the field "ca" of the connection "crm"');
    expect(tlsProblem(code, error, bare)).not.toMatch(/Node|--/);
  });

  it.each([
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tlsv13 alert certificate required'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'ssl/tls alert handshake failure'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tlsv1 alert unknown ca'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'ssl/tls alert bad certificate'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', 'ssl/tls alert certificate expired'],
    ['EPROTO', 'sslv3 alert certificate unknown'],
  ])('names the fields of the client certificate for %s', (code, words) => {
    expect(tlsProblem(code, openssl(words), bare)).toContain(
      'into the fields "cert" and "key" of the connection "crm"',
    );
    expect(tlsProblem(code, openssl(words), own)).toContain('the field "cert" of the connection "crm"');
  });

  it.each([
    ['EPROTO', 'wrong version number', 'does not speak TLS'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'packet length too long', 'does not speak TLS'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'unsupported protocol', 'no version of TLS'],
    ['CERT_HAS_EXPIRED', 'certificate has expired', 'has expired'],
    ['CERT_NOT_YET_VALID', 'certificate is not yet valid', 'not valid yet'],
    ['ERR_SSL_DH_KEY_TOO_SMALL', 'dh key too small', 'dh key too small'],
  ])('says in plain words what %s (%s) is', (code, words, expected) => {
    expect(tlsProblem(code, openssl(words), own)).toContain(expected);
    expect(tlsProblem(code, openssl(words), own)).not.toContain('SSL routines');
  });

  it('is nothing when the connection broke for another reason', () => {
    for (const code of ['', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT'])
      expect(tlsProblem(code, new Error('x'), bare)).toBe(null);
  });
});
