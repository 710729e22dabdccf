import type { Certificates } from './certificate-fields.ts';

const TLS = /CERT|^ERR_TLS|^ERR_SSL|^ETLS$|^UNABLE_TO_|^EPROTO$|SELF_SIGNED|HOSTNAME_MISMATCH/;
const UNTRUSTED = /SELF_SIGNED|^UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|^CERT_UNTRUSTED$/;
const NO_TLS = /wrong.version.number|packet.length.too.long|http.request|unexpected.message|record.overflow/i;
const OTHER_VERSION = /unsupported.protocol|protocol.version/i;
const CLIENT =
  /certificate.required|bad.certificate|unknown.ca|(unsupported|revoked|expired|unknown).certificate|certificate.(unknown|expired|revoked)|alert.handshake.failure/i;

/** How many names of a certificate a message lists. */
const MOST_NAMES = 6;

/** Whose certificates were used, so that a message can name the field to fix. */
export interface Secured {
  /** How a message names the connection, such as `the connection "crm"`. */
  readonly connection: string;
  readonly certificates: Certificates;
}

/**
 * What is wrong with a secure connection, worded for the person who manages connections in Blok. The runtime's own
 * advice is about its command line. Null if the failure has nothing to do with TLS.
 */
export function tlsProblem(code: string, error: unknown, secured: Secured): string | null {
  if (!TLS.test(code)) return null;
  const { connection, certificates } = secured;
  if (UNTRUSTED.test(code)) {
    if (certificates.ca !== undefined)
      return `the server’s certificate does not come from the authority in the field "ca" of ${connection}`;
    return `the server’s certificate comes from an authority that is not a public one. If you trust it, put its certificate into the field "ca" of ${connection}`;
  }
  if (code === 'CERT_HAS_EXPIRED') return 'the server’s certificate has expired';
  if (code === 'CERT_NOT_YET_VALID') return 'the server’s certificate is not valid yet';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return otherName(error);
  const reason = `${code} ${messageOf(error)}`;
  if (NO_TLS.test(reason)) return 'what answers does not speak TLS at this port';
  if (OTHER_VERSION.test(reason)) return 'the server speaks no version of TLS that is still safe';
  if (CLIENT.test(reason)) {
    return certificates.cert === undefined
      ? `the server wants to see a certificate of the client: put it and its key into the fields "cert" and "key" of ${connection}`
      : `the server does not accept the certificate in the field "cert" of ${connection}`;
  }
  return reasonOf(messageOf(error));
}

function otherName(error: unknown): string {
  const { host, cert } = error as { host?: string; cert?: { subjectaltname?: string } };
  const names = cert?.subjectaltname;
  const some = names?.split(', ').slice(0, MOST_NAMES).join(', ');
  return `the server’s certificate is not for ${host ?? 'its name'}${some ? `, but for ${some}` : ''}`;
}

/** The part of OpenSSL's line of fields that says what is wrong. */
function reasonOf(message: string): string {
  return /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1] ?? message.replace(/; if the root CA .*$/, '');
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
