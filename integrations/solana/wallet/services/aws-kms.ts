import type { KMSClient } from '@aws-sdk/client-kms';
import type { HttpHandlerOptions, HttpRequest } from '@smithy/types';
import { calling } from '../../../failures/classify.ts';
import type { FailureTable } from '../../../failures/failure-table.ts';
import { boundedBody } from '../../../network/bounded-body.ts';
import type { Caller } from '../../chain/json-rpc.ts';
import type { AwsCredentials, AwsSigner } from './fields.ts';
import { type RemoteKey, wrongKind } from './remote-key.ts';
import { addressOfSpki } from './spki.ts';

/** What AWS KMS answers that is no success. Its errors are 400 as a rule; the name of the exception decides. */
const errors: FailureTable = {
  provider: 'awsKms',
  codeAt: ['code'],
  messageAt: ['message'],
  retryable: [
    'ThrottlingException',
    'Throttling',
    'RequestLimitExceeded',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KeyUnavailableException',
    'ServiceUnavailable',
  ],
};

const KIND = 'ECC_NIST_EDWARDS25519';

/** A key in AWS KMS, by Amazon's library, which gets our `fetch` and repeats nothing. */
export function awsKms(ctx: Caller, { region, key, endpoint }: AwsSigner, credentials: AwsCredentials): RemoteKey {
  let opened: Promise<KMSClient> | undefined;
  const client = (): Promise<KMSClient> => {
    opened ??= import('@aws-sdk/client-kms').then(
      ({ KMSClient: Library }) =>
        new Library({
          region,
          credentials: {
            accessKeyId: credentials.accessKeyId,
            secretAccessKey: credentials.secretAccessKey,
            ...(credentials.sessionToken !== undefined && { sessionToken: credentials.sessionToken }),
          },
          maxAttempts: 1,
          ...(endpoint !== undefined && { endpoint }),
          requestHandler: { handle: handleBy(ctx) },
        }),
    );
    return opened;
  };
  const call = <T>(what: string, work: (kms: KMSClient) => Promise<T>): Promise<T> =>
    calling(ctx, errors, { what, writes: false }, async () => {
      const kms = await client();
      return work(kms).catch((thrown: unknown) => {
        throw answerOf(thrown);
      });
    });
  return {
    service: 'AWS KMS',
    address: async (_, abortSignal) => {
      const { GetPublicKeyCommand } = await import('@aws-sdk/client-kms');
      const command = new GetPublicKeyCommand({ KeyId: key });
      const { PublicKey, KeySpec } = await call('GetPublicKey', (kms) => kms.send(command, { abortSignal }));
      const address = PublicKey && KeySpec === KIND ? addressOfSpki(PublicKey) : null;
      if (address === null) throw wrongKind('AWS KMS', KeySpec ?? 'unknown', KIND);
      return address;
    },
    sign: async (Message, abortSignal) => {
      const { SignCommand } = await import('@aws-sdk/client-kms');
      const how = { MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' } as const;
      const command = new SignCommand({ KeyId: key, Message, ...how });
      const { Signature } = await call('Sign', (kms) => kms.send(command, { abortSignal }));
      return Signature ?? new Uint8Array();
    },
  };
}

/** No answer of KMS comes near this size. */
const LARGEST_ANSWER = 64 * 1024;

const tooLarge = (): Error => new Error('The answer is larger than any that KMS gives.');

/** Carries a signed request through our guard. */
const handleBy =
  ({ fetch }: Caller) =>
  async (request: HttpRequest, { abortSignal }: HttpHandlerOptions = {}) => {
    const { protocol, hostname, port, path, method, headers, body } = request;
    // `fetch` writes these itself, from the address and the body that were signed.
    const { host: _, 'content-length': __, ...own } = headers;
    const address = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
    const signal = abortSignal as AbortSignal | undefined;
    const response = await fetch(address, { method, headers: own, body, redirect: 'error', ...(signal && { signal }) });
    const { HttpResponse } = await import('@smithy/protocol-http');
    return {
      response: new HttpResponse({
        statusCode: response.status,
        headers: Object.fromEntries(response.headers),
        body: await boundedBody(response, LARGEST_ANSWER, tooLarge),
      }),
    };
  };

/** An exception of the library as an answer, if it is one. */
function answerOf(thrown: unknown): unknown {
  const { name, message, $metadata, $response } = thrown as {
    readonly name?: string;
    readonly message?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  };
  const status = $metadata?.httpStatusCode;
  if (status === undefined || status < 300) return thrown;
  return { status, headers: $response?.headers ?? {}, body: { code: name, message } };
}
