import { z } from 'zod';

/** Where the key of a wallet is kept, and what opens the door there. */

const url = () => z.url({ protocol: /^https?$/, error: 'must be an address that begins with http' });

const endpoint = () =>
  url()
    .optional()
    .describe('Address of the service, if it is another than the public one: an endpoint of your network.');

const keypair = z.strictObject({ type: z.literal('keypair').describe('The key is stored here, in `secretKey`.') });

const awsKms = z.strictObject({
  type: z.literal('aws-kms').describe('The key is in AWS KMS, with the key spec ECC_NIST_EDWARDS25519.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, 'must be a region, such as eu-central-1')
    .describe('Region of the key.'),
  key: z.string().min(1).max(2_048).describe('Id, ARN, or alias (`alias/…`) of the key.'),
  endpoint: endpoint(),
});

/** A name within Google Cloud. */
const PART = '[A-Za-z0-9_.:-]{1,63}';

const gcpKms = z.strictObject({
  type: z.literal('gcp-kms').describe('The key is in Cloud KMS of Google, with the algorithm EC_SIGN_ED25519.'),
  key: z
    .string()
    .regex(
      new RegExp(
        `^projects/${PART}/locations/${PART}/keyRings/${PART}/cryptoKeys/${PART}/cryptoKeyVersions/[1-9][0-9]{0,9}$`,
      ),
      'must be the name of a version: projects/…/locations/…/keyRings/…/cryptoKeys/…/cryptoKeyVersions/1',
    )
    .describe('Resource name of the version of the key.'),
  endpoint: endpoint(),
});

const vault = z.strictObject({
  type: z.literal('vault').describe('The key is in the transit engine of Vault or OpenBao, with the type ed25519.'),
  url: url().describe('Address of the server.'),
  mount: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)*$/, 'must be a path, such as transit')
    .default('transit')
    .describe('Path of the transit engine.'),
  key: z
    .string()
    .regex(/^[\w.-]{1,128}$/, 'must be the name of a key')
    .describe('Name of the key. Of its versions, the one of the wallet’s address is used.'),
  namespace: z
    .string()
    .regex(/^[\w./-]{1,256}$/, 'must be the path of a namespace')
    .optional()
    .describe('Namespace, if the server has them.'),
});

/** Where the key is. */
export const signer = z.discriminatedUnion('type', [keypair, awsKms, gcpKms, vault]);

const awsCredentials = z.strictObject({
  accessKeyId: z.string().min(1).max(200).describe('Id of the access key.'),
  secretAccessKey: z.string().min(1).max(200).describe('The access key itself.'),
  sessionToken: z.string().max(8_192).optional().describe('Goes with keys that are valid for a session only.'),
});

/** The file of a service account holds more than is needed. */
const gcpCredentials = z.object({
  client_email: z.string().min(3).max(500).describe('Address of the service account.'),
  private_key: z.string().min(1).max(10_000).describe('Its private key, in PEM.'),
});

const vaultCredentials = z.strictObject({
  token: z.string().min(1).max(4_096).describe('A token that may sign with the key, and read it.'),
});

/** What the service takes, by where the key is. */
export const credentialsOf = {
  'aws-kms': awsCredentials,
  'gcp-kms': gcpCredentials,
  vault: vaultCredentials,
} as const;

/** What opens the door, of any service. */
export const credentials = z.union([awsCredentials, gcpCredentials, vaultCredentials]);

export type Signer = z.output<typeof signer>;
export type AwsSigner = z.output<typeof awsKms>;
export type GcpSigner = z.output<typeof gcpKms>;
export type VaultSigner = z.output<typeof vault>;
export type AwsCredentials = z.output<typeof awsCredentials>;
export type GcpCredentials = z.output<typeof gcpCredentials>;
export type VaultCredentials = z.output<typeof vaultCredentials>;

/** Address of the service that keeps a key; null: it is kept here. */
export function addressOfService(given: Signer): string | null {
  switch (given.type) {
    case 'keypair':
      return null;
    case 'aws-kms': {
      const domain = given.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
      return given.endpoint ?? `https://kms.${given.region}.${domain}`;
    }
    case 'gcp-kms':
      return given.endpoint ?? 'https://cloudkms.googleapis.com';
    case 'vault':
      return given.url;
  }
}
