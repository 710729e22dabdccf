import type { KeyManagementServiceClient } from '@google-cloud/kms';
import { NodeError } from '../../../error.ts';
import { calling } from '../../../failures/classify.ts';
import type { FailureTable } from '../../../failures/failure-table.ts';
import type { Caller } from '../../chain/json-rpc.ts';
import { crc32c } from './crc32c.ts';
import { addressOfService, type GcpCredentials, type GcpSigner } from './fields.ts';
import { type RemoteKey, wrongKind } from './remote-key.ts';
import { addressOfSpki } from './spki.ts';

/** What Cloud KMS answers that is no success. */
const errors: FailureTable = {
  provider: 'gcpKms',
  codeAt: ['error.status'],
  messageAt: ['error.message'],
  retryable: ['RESOURCE_EXHAUSTED', 'UNAVAILABLE', 'ABORTED'],
  final: ['PERMISSION_DENIED', 'FAILED_PRECONDITION', 'UNAUTHENTICATED', 'NOT_FOUND', 'INVALID_ARGUMENT'],
};

const KIND = 'EC_SIGN_ED25519';

/**
 * A key in Cloud KMS, by Google's library over HTTP, which gets our `fetch` and repeats nothing. The service account signs its
 * own tokens, so nobody else is asked for one.
 */
export function gcpKms(ctx: Caller, signer: GcpSigner, credentials: GcpCredentials): RemoteKey {
  const { key: name } = signer;
  let opened: Promise<KeyManagementServiceClient> | undefined;
  /** Of the call that is being made: the library takes none. There is one call at a time. */
  let current: AbortSignal | undefined;
  const call = <T>(
    what: string,
    signal: AbortSignal,
    work: (kms: KeyManagementServiceClient) => Promise<T>,
  ): Promise<T> =>
    calling(ctx, errors, { what, writes: false }, async () => {
      opened ??= openClient(ctx, signer, credentials, () => current);
      current = signal;
      return work(await opened).catch((thrown: unknown) => {
        throw refusalIn(thrown);
      });
    });
  return {
    service: 'Cloud KMS',
    address: async (_, signal) => {
      const request = { name, publicKeyFormat: 'PEM' } as const;
      const [found] = await call('getPublicKey', signal, (kms) => kms.getPublicKey(request, ONCE));
      const pem = found.pem ?? '';
      const address = found.algorithm === KIND ? addressOfSpki(pem) : null;
      if (address === null) throw wrongKind('Cloud KMS', String(found.algorithm), KIND);
      requireSum(found.pemCrc32c?.value, Buffer.from(pem));
      return address;
    },
    sign: async (data, signal) => {
      const request = { name, data, dataCrc32c: { value: crc32c(data) } };
      const [made] = await call('asymmetricSign', signal, (kms) => kms.asymmetricSign(request, ONCE));
      const signature = bytesOf(made.signature);
      if (made.name !== name || made.verifiedDataCrc32c !== true) throw garbled('the bytes to sign');
      requireSum(made.signatureCrc32c?.value, signature);
      return signature;
    },
  };
}

/** The library's own repetitions are off: whoever pays decides when something is tried again. */
const ONCE = { retry: { retryCodes: [] }, timeout: 15_000 };

async function openClient(
  { fetch }: Caller,
  signer: GcpSigner,
  credentials: GcpCredentials,
  signalNow: () => AbortSignal | undefined,
): Promise<KeyManagementServiceClient> {
  const { KeyManagementServiceClient: Library } = await import('@google-cloud/kms');
  const { protocol, hostname, port } = new URL(addressOfService(signer)!);
  const fetchImplementation: typeof fetch = async (input, init) => {
    const signal = signalNow();
    const response = await fetch(input, { ...init, redirect: 'error', ...(signal && { signal }) });
    const body = await response.text();
    // The library's own error has no headers, so a refusal is thrown here, as a whole.
    if (!response.ok) throw new Refused(response, body);
    return new Response(body, { status: response.status, headers: response.headers });
  };
  return new Library({
    credentials,
    clientOptions: { transporterOptions: { fetchImplementation } },
    fallback: true,
    apiEndpoint: hostname,
    protocol: protocol.slice(0, -1),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
  });
}

/** An answer that is no success. */
class Refused extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;

  constructor({ status, headers }: Response, body: string) {
    super(`status ${status}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** The refusal that the library wrapped, or what it threw. */
function refusalIn(thrown: unknown): unknown {
  for (let error = thrown; error instanceof Error; error = error.cause) if (error instanceof Refused) return error;
  return thrown;
}

const bytesOf = (given: Uint8Array | string | null | undefined): Uint8Array =>
  typeof given === 'string' ? Buffer.from(given, 'base64') : (given ?? new Uint8Array());

/** @throws NodeError `gcpKms.checksum`, and whoever calls may try again */
function requireSum(given: unknown, bytes: Uint8Array): void {
  if (given === undefined || given === null || Number(given) !== crc32c(bytes)) throw garbled('what it answered');
}

const garbled = (what: string): NodeError =>
  new NodeError('gcpKms.checksum', `Cloud KMS: ${what} changed on the way, or nobody checked it.`, { retryable: true });
