import { z } from 'zod';

/** The fields of a connection that say which server certificates TLS trusts, and which certificate the client shows. */
export interface Certificates {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/;
/** Excludes `BEGIN ENCRYPTED PRIVATE KEY` and the older encrypted form, which has a header that says so. */
const PRIVATE_KEY =
  /-----BEGIN (EC |RSA )?PRIVATE KEY-----(?![\s\S]*ENCRYPTED)[\s\S]+-----END (EC |RSA )?PRIVATE KEY-----/;

const certificate = () =>
  z
    .string()
    .max(65_536)
    .regex(CERTIFICATE, 'must be a certificate as PEM: -----BEGIN CERTIFICATE----- … -----END CERTIFICATE-----')
    .optional();

/** Fields for a private authority and for a client certificate; `havePair` checks that the client's are complete. */
export const certificateFields = () => ({
  ca: certificate().describe(
    'Certificate of the authority that signed the server’s certificate (PEM, one or several), if the authority is not a public one. It is trusted instead of the public ones.',
  ),
  cert: certificate().describe('Certificate of the client (PEM), if the server asks for one. Needs `key`.'),
  key: z
    .string()
    .max(65_536)
    .regex(PRIVATE_KEY, 'must be a private key as PEM, without a passphrase: -----BEGIN PRIVATE KEY----- …')
    .optional()
    .describe('Private key that belongs to `cert` (PEM, without a passphrase).'),
});

/** The certificates among the fields of a connection. */
export const certificatesOf = ({ ca, cert, key }: Certificates): Certificates => ({ ca, cert, key });

/** For `.refine`: true if certificate and key are both given, or neither. */
export const havePair = ({ cert, key }: Certificates): boolean => (cert === undefined) === (key === undefined);

/** The message for `.refine`, and the field it is about. */
export const PAIR = { message: 'cert and key belong together: give both or neither', path: ['key'] };
