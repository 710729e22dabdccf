import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { Received, Reply } from '../../../testing/fake-provider/message.ts';
import { type FakeProvider, fakeProvider } from '../../../testing/fake-provider/provider.ts';
import { crc32c } from '../../wallet/services/crc32c.ts';
import { type PlantedKey, plantedKey } from './planted.ts';

/** What Cloud KMS keeps. */
export interface GcpState {
  readonly key: PlantedKey;
  algorithm: string;
  isEnabled: boolean;
  signer: PlantedKey | null;
  /** Changes answers on the way, or leaves out that the checksum was looked at. */
  garble: 'signature' | 'unverified' | null;
}

const account = generateKeyPairSync('rsa', { modulusLength: 2_048 });

export const GCP = {
  key: 'projects/p/locations/global/keyRings/r/cryptoKeys/blok/cryptoKeyVersions/1',
  credentials: {
    type: 'service_account',
    client_email: 'blok@p.iam.gserviceaccount.com',
    private_key: account.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  },
};

/** Starts Cloud KMS: its REST API, called with tokens that the service account signed itself. */
export const startGcpKms = (key = plantedKey()): Promise<FakeProvider<GcpState>> =>
  fakeProvider<GcpState>({
    state: () => ({ key, algorithm: 'EC_SIGN_ED25519', isEnabled: true, signer: null, garble: null }),
    authorize: (request) =>
      isAuthorized(request) ? null : status(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
    routes: { 'GET /v1/*': publicKey, 'POST /v1/*': signature },
  });

function publicKey({ path }: Received, { key, algorithm, isEnabled }: GcpState): Reply {
  if (path !== `/v1/${GCP.key}/publicKey`) return status(404, 'NOT_FOUND', 'CryptoKeyVersion not found.');
  if (!isEnabled) return disabled();
  const pem = key.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  return { body: { pem, algorithm, pemCrc32c: String(crc32c(Buffer.from(pem))), name: GCP.key } };
}

function signature({ path, bytes }: Received, { key, algorithm, isEnabled, signer, garble }: GcpState): Reply {
  if (path !== `/v1/${GCP.key}:asymmetricSign`) return status(404, 'NOT_FOUND', 'CryptoKeyVersion not found.');
  if (!isEnabled) return disabled();
  const { data, dataCrc32c } = JSON.parse(bytes.toString()) as { data?: string; dataCrc32c?: string };
  if (algorithm !== 'EC_SIGN_ED25519' || data === undefined)
    return status(400, 'INVALID_ARGUMENT', 'This algorithm takes a digest.');
  const message = Buffer.from(data, 'base64');
  if (Number(dataCrc32c) !== crc32c(message)) return status(400, 'INVALID_ARGUMENT', 'The checksum does not match.');
  const made = (signer ?? key).sign(message);
  const sum = String(crc32c(made));
  if (garble === 'signature') made[5]! ^= 1;
  return {
    body: {
      signature: made.toString('base64'),
      signatureCrc32c: sum,
      verifiedDataCrc32c: garble !== 'unverified',
      name: GCP.key,
      protectionLevel: 'HSM',
    },
  };
}

const disabled = (): Reply =>
  status(400, 'FAILED_PRECONDITION', `${GCP.key} is not enabled, current state is: DISABLED.`);

/** An error in the form of all Google APIs. */
export const status = (code: number, name: string, message: string): Reply => ({
  status: code,
  body: { error: { code, message, status: name } },
});

/** Whether the token was signed by the service account, for this service, and is not over. */
function isAuthorized({ headers }: Received): boolean {
  const [head, body, signature] = (headers.authorization ?? '').replace(/^Bearer /, '').split('.');
  if (!head || !body || !signature) return false;
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    createPublicKey(account.publicKey.export({ format: 'pem', type: 'spki' })),
    Buffer.from(signature, 'base64url'),
  );
  const { iss, exp } = JSON.parse(Buffer.from(body, 'base64url').toString()) as { iss: string; exp: number };
  return isSigned && iss === GCP.credentials.client_email && exp * 1_000 > Date.now();
}
