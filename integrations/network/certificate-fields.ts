import { z } from 'zod';

/** The fields of a connection that say whom TLS trusts and who it says to be. */
export interface Certificates {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/;
/** Neither `BEGIN ENCRYPTED PRIVATE KEY` nor the older form that says so in a header of its own. */
const PRIVATE_KEY =
  /-----BEGIN (EC |RSA )?PRIVATE KEY-----(?![\s\S]*ENCRYPTED)[\s\S]+-----END (EC |RSA )?PRIVATE KEY-----/;

const certificate = () =>
  z
    .string()
    .max(65_536)
    .regex(CERTIFICATE, 'must be a certificate as PEM: -----BEGIN CERTIFICATE----- … -----END CERTIFICATE-----')
    .optional();

/** Fields for an authority of one's own and for a client certificate; `havePair` checks that the latter is whole. */
export const certificateFields = () => ({
  ca: certificate().describe(
    'Certificate of the authority that signed the server’s (PEM, one or several), if it is not a public one. It is trusted instead of the public ones.',
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

/** For `.refine`: true if certificate and key come together. */
export const havePair = ({ cert, key }: Certificates): boolean => (cert === undefined) === (key === undefined);

/** What `.refine` says, and of which field. */
export const PAIR = { message: 'cert and key belong together: give both or neither', path: ['key'] };
