import { createHash, createHmac } from 'node:crypto';
import type { Received, Reply } from '../../../testing/fake-provider/message.ts';
import { type FakeProvider, fakeProvider } from '../../../testing/fake-provider/provider.ts';
import { type PlantedKey, plantedKey } from './planted.ts';

/** What AWS KMS keeps. */
export interface AwsState {
  readonly key: PlantedKey;
  keySpec: string;
  isEnabled: boolean;
  /** Signs with this instead. */
  signer: PlantedKey | null;
}

export const AWS = {
  region: 'eu-central-1',
  key: 'alias/blok',
  accessKeyId: 'AKIDEXAMPLE',
  secret: 'aws-secret-key-9aZ4kQ',
};

/** Starts AWS KMS: JSON 1.1 over HTTP, requests signed by Signature Version 4, its documented exceptions. */
export const startAwsKms = (key = plantedKey()): Promise<FakeProvider<AwsState>> =>
  fakeProvider<AwsState>({
    state: () => ({ key, keySpec: 'ECC_NIST_EDWARDS25519', isEnabled: true, signer: null }),
    authorize: (request) =>
      isSigned(request) ? null : exception('InvalidSignatureException', 'The signature does not match.'),
    routes: {
      'POST /': (request, state) => {
        const target = String(request.headers['x-amz-target']);
        const given = JSON.parse(request.bytes.toString()) as Record<string, string>;
        if (given.KeyId !== AWS.key) return exception('NotFoundException', `Invalid keyId ${given.KeyId}`);
        if (!state.isEnabled) return exception('DisabledException', `${given.KeyId} is disabled.`);
        if (target === 'TrentService.GetPublicKey') return publicKey(state);
        if (target === 'TrentService.Sign') return signature(state, given);
        return exception('UnknownOperationException', target);
      },
    },
  });

function publicKey({ key, keySpec }: AwsState): Reply {
  return reply({
    KeyId: AWS.key,
    KeySpec: keySpec,
    KeyUsage: 'SIGN_VERIFY',
    PublicKey: key.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    SigningAlgorithms: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'],
  });
}

function signature({ key, keySpec, signer }: AwsState, given: Record<string, string>): Reply {
  if (keySpec !== 'ECC_NIST_EDWARDS25519') return exception('InvalidKeyUsageException', 'The key cannot sign so.');
  if (given.SigningAlgorithm !== 'ED25519_SHA_512' || given.MessageType !== 'RAW')
    return exception('ValidationException', 'ED25519_SHA_512 takes messages of the type RAW.');
  const message = Buffer.from(given.Message!, 'base64');
  if (message.length > 4_096) return exception('ValidationException', 'The message is longer than 4096 bytes.');
  const Signature = (signer ?? key).sign(message).toString('base64');
  return reply({ KeyId: AWS.key, Signature, SigningAlgorithm: given.SigningAlgorithm });
}

const reply = (body: object): Reply => ({
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'r-1' },
  body: JSON.stringify(body),
});

/** An exception of KMS: 400, and 500 for what is its own fault. */
export const exception = (name: string, message: string, status = 400): Reply => ({
  status,
  ...reply({ __type: name, message }),
});

/** Whether a request is signed by the secret key, over its very bytes (Signature Version 4). */
function isSigned({ method, path, headers, bytes }: Received): boolean {
  const [, id, scope = '', signed = '', given] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (id !== AWS.accessKeyId || !scope.endsWith(`/${AWS.region}/kms/aws4_request`)) return false;
  if (!['host', 'x-amz-date', 'x-amz-target'].every((name) => signed.split(';').includes(name))) return false;
  const names = signed.split(';');
  const canonical = [
    ...[method, path, ''],
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    ...['', signed, hex(bytes)],
  ].join('\n');
  const date = String(headers['x-amz-date']);
  const toSign = ['AWS4-HMAC-SHA256', date, scope, hex(canonical)].join('\n');
  const key = scope.split('/').reduce<Buffer>((before, part) => hmac(before, part), Buffer.from(`AWS4${AWS.secret}`));
  return hmac(key, toSign).toString('hex') === given;
}

const hex = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
