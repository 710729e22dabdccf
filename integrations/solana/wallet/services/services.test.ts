import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dropAnswer, dropRequest, type Fault, failAfter, hang, refuse } from '../../../testing/fake-provider/faults.ts';
import type { FakeProvider } from '../../../testing/fake-provider/provider.ts';
import { failure, fakeContext, runNode } from '../../../testing/run-node.ts';
import { memoryPayments } from '../../testing/memory-payments.ts';
import { GENEROUS, type Scene, setScene, somebody, WITH_RECEIPT } from '../../testing/scene.ts';
import { AWS, type AwsState, exception, startAwsKms } from '../../testing/services/aws.ts';
import { GCP, type GcpState, startGcpKms, status } from '../../testing/services/gcp.ts';
import { type PlantedKey, plantedKey } from '../../testing/services/planted.ts';
import { problem, startVault, VAULT, type VaultState } from '../../testing/services/vault.ts';
import { solanaTransferSol } from '../../transfer-sol.ts';
import { isSignedBy, newSecretKey } from '../keypair.ts';
import { solanaWallet } from '../wallet-connection.ts';
import { credentials as anyCredentials, signer as anySigner } from './fields.ts';
import { openRemote } from './open.ts';
import { remoteKey } from './remote-key.ts';

/** A service, with what a connection says about it, and its ways to say no. */
interface Service {
  readonly name: string;
  readonly provider: FakeProvider<AwsState | GcpState | VaultState>;
  readonly key: PlantedKey;
  readonly signer: object;
  readonly credentials: object;
  readonly wrongCredentials: object;
  readonly signs: string;
  readonly throttled: Fault;
  readonly denied: Fault;
  readonly codes: { readonly throttled: string; readonly denied: string; readonly unauthorized: string };
  disable(): void;
  spoil(): void;
}

const refused = ({ status: code = 200, body, headers }: ReturnType<typeof exception>): Fault =>
  refuse(code, body, headers);
const keys = { aws: plantedKey(), gcp: plantedKey(), vault: plantedKey() };
const [aws, gcp, vault] = await Promise.all([startAwsKms(keys.aws), startGcpKms(keys.gcp), startVault(keys.vault)]);

const services: readonly Service[] = [
  {
    name: 'AWS KMS',
    provider: aws as never,
    key: keys.aws,
    signer: { type: 'aws-kms', region: AWS.region, key: AWS.key, endpoint: aws.base },
    credentials: { accessKeyId: AWS.accessKeyId, secretAccessKey: AWS.secret },
    wrongCredentials: { accessKeyId: AWS.accessKeyId, secretAccessKey: 'another' },
    signs: 'POST /',
    throttled: refused(exception('ThrottlingException', 'Rate exceeded')),
    denied: refused(exception('AccessDeniedException', 'User is not authorized to perform: kms:Sign')),
    codes: {
      throttled: 'awsKms.ThrottlingException',
      denied: 'awsKms.AccessDeniedException',
      unauthorized: 'awsKms.InvalidSignatureException',
    },
    disable: () => {
      aws.state.isEnabled = false;
    },
    spoil: () => {
      aws.state.keySpec = 'ECC_NIST_P256';
    },
  },
  {
    name: 'Cloud KMS',
    provider: gcp as never,
    key: keys.gcp,
    signer: { type: 'gcp-kms', key: GCP.key, endpoint: gcp.base },
    credentials: GCP.credentials,
    wrongCredentials: { ...GCP.credentials, client_email: 'eve@p.iam.gserviceaccount.com' },
    signs: 'POST /v1/*',
    throttled: refused(status(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded')),
    denied: refused(status(403, 'PERMISSION_DENIED', 'Permission useToSign denied')),
    codes: {
      throttled: 'gcpKms.RESOURCE_EXHAUSTED',
      denied: 'gcpKms.PERMISSION_DENIED',
      unauthorized: 'gcpKms.UNAUTHENTICATED',
    },
    disable: () => {
      gcp.state.isEnabled = false;
    },
    spoil: () => {
      gcp.state.algorithm = 'EC_SIGN_P256_SHA256';
    },
  },
  {
    name: 'Vault',
    provider: vault as never,
    key: keys.vault,
    signer: { type: 'vault', url: vault.base, key: VAULT.key, namespace: VAULT.namespace },
    credentials: { token: VAULT.token },
    wrongCredentials: { token: 'hvs.other' },
    signs: 'POST /v1/transit/sign/:key',
    throttled: refused(problem(429, 'request path "transit/sign/payer": rate limit quota exceeded')),
    denied: refused(problem(403, '1 error occurred: permission denied')),
    codes: { throttled: 'vault.429', denied: 'vault.403', unauthorized: 'vault.403' },
    disable: () => {
      vault.state.minVersion = 2;
    },
    spoil: () => {
      vault.state.type = 'ecdsa-p256';
    },
  },
];

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterEach(() => {
  for (const { provider } of services) provider.reset();
});
afterAll(async () => {
  await Promise.all([scene.close(), ...services.map(({ provider }) => provider.close())]);
});

const message = Buffer.from('a message');
const soon = () => AbortSignal.timeout(5_000);
const keyOf = ({ signer, credentials, key }: Service, given: { credentials?: object; address?: string } = {}) => {
  const remote = openRemote(
    fakeContext(),
    anySigner.parse(signer),
    anyCredentials.parse(given.credentials ?? credentials),
  );
  return remoteKey(remote!, given.address ?? key.address);
};
const connectionOf = ({ signer, credentials, key }: Service, policy: object = GENEROUS) => {
  const { linked } = scene.payer();
  const data = { rpc: 'chain', cluster: 'custom', address: key.address, signer, credentials, policy };
  return { name: 'payer', type: 'solana-wallet', hosts: [], data, linked: linked! };
};

describe.each(services)('a key in $name', (service) => {
  const { provider, key, codes, signs } = service;

  it('signs, and its public key is compared with the address before', async () => {
    const own = keyOf(service);
    expect(isSignedBy(key.address, message, await own.sign(message, soon()))).toBe(true);
    const asked = provider.requests.length;
    await own.sign(message, soon());
    expect(provider.requests.length - asked).toBe(1);
    const other = await failure(keyOf(service, { address: somebody() }).sign(message, soon()));
    expect(other).toMatchObject({ code: 'solana.signerKey', retryable: false });
    expect(other.message).toContain(key.address);
  });

  it('derives the same text for the same name each time, from nothing that anybody else knows', async () => {
    const [first, second] = [keyOf(service), keyOf(service)];
    const text = await first.derive('a payment');
    expect(text).toMatch(/^[0-9a-f]{32}$/);
    expect(await second.derive('a payment')).toBe(text);
    expect(await second.derive('another')).not.toBe(text);
  });

  it('pays, with a receipt, and the ledger holds a transaction that only this key could sign', async () => {
    scene.chain.svm.fund(key.address, 10_000_000_000n);
    const [to, payments] = [somebody(), memoryPayments()];
    const ctx = fakeContext({ connection: connectionOf(service, WITH_RECEIPT), payments });
    const paid = await runNode(solanaTransferSol, ctx, { to, amount: '0.25' });
    expect(paid).toMatchObject({ from: key.address, receipt: expect.any(String), attempts: [{ state: 'landed' }] });
    expect(scene.chain.svm.account(to)?.lamports).toBe(250_000_000n);
    const again = await runNode(solanaTransferSol, ctx, { to, amount: '0.25' });
    expect(again).toEqual(paid);
  });

  it('signs nothing for whoever has other credentials', async () => {
    const stranger = keyOf(service, { credentials: service.wrongCredentials });
    expect(await failure(stranger.sign(message, soon()))).toMatchObject({
      code: codes.unauthorized,
      retryable: false,
    });
  });

  it('tells apart what passes and what stays: throttled, denied, disabled, of the wrong kind', async () => {
    const own = keyOf(service);
    await own.sign(message, soon());
    provider.fail(signs, service.throttled, service.denied);
    const throttled = await failure(own.sign(message, soon()));
    expect(throttled).toMatchObject({ code: codes.throttled, retryable: true, unknown: false });
    const denied = await failure(own.sign(message, soon()));
    expect(denied).toMatchObject({ code: codes.denied, retryable: false, unknown: false });
    service.disable();
    expect(await failure(own.sign(message, soon()))).toMatchObject({ retryable: false });
    provider.reset();
    service.spoil();
    expect(await failure(keyOf(service).sign(message, soon()))).toMatchObject({
      code: 'solana.signerKey',
      retryable: false,
    });
  });

  it('is asked once for each signature, and again by the step after 5xx, a broken connection and silence', async () => {
    const own = keyOf(service);
    await own.sign(message, soon());
    provider.reset();
    const faults = [refuse(500), refuse(503), failAfter(502), dropRequest, dropAnswer];
    provider.fail(signs, ...faults);
    for (const [index] of faults.entries()) {
      expect(await failure(own.sign(message, soon()))).toMatchObject({ retryable: true, unknown: false });
      expect(provider.requests).toHaveLength(index + 1);
    }
    provider.fail(signs, hang);
    const late = await failure(own.sign(message, AbortSignal.timeout(200)));
    expect(late).toMatchObject({ code: expect.stringContaining('timeout'), retryable: true });
  });

  it('stores nothing that another key signed, and sends nothing', async () => {
    scene.chain.svm.fund(key.address, 10_000_000_000n);
    provider.state.signer = plantedKey();
    const [to, payments] = [somebody(), memoryPayments()];
    const ctx = fakeContext({ connection: connectionOf(service), payments });
    const failed = await failure(runNode(solanaTransferSol, ctx, { to, amount: '0.25' }));
    expect(failed).toMatchObject({ code: 'solana.signature', retryable: true, unknown: false });
    expect([...payments.all.values()]).toMatchObject([{ state: 'cancelled', attempts: [], reserved: [] }]);
    expect(scene.chain.svm.account(to)).toBeNull();
  });

  it('can be tried as a connection, and says whose key it is', async () => {
    const { data } = connectionOf(service);
    const test = async (given: object) =>
      solanaWallet.test!({ ...fakeContext(), hosts: [] }, solanaWallet.fields.parse({ ...data, ...given }));
    expect(await test({})).toEqual({ ok: true, account: key.address });
    expect(await test({ address: somebody() })).toMatchObject({
      ok: false,
      message: expect.stringContaining('is that of'),
    });
    expect(await test({ credentials: service.wrongCredentials })).toMatchObject({ ok: false });
  });

  it('is sent to no other host than the one of its service', async () => {
    const hosts = ['kms.example'];
    const ctx = fakeContext({ connection: { ...connectionOf(service), hosts }, payments: memoryPayments() });
    expect(await failure(runNode(solanaTransferSol, ctx, { to: somebody(), amount: '0.25' }))).toMatchObject({
      code: 'connection.host',
    });
    expect(provider.requests).toEqual([]);
  });
});

describe('Cloud KMS', () => {
  it('is not believed when bytes changed on the way', async () => {
    const own = keyOf(services[1]!);
    await own.sign(message, soon());
    for (const garble of ['signature', 'unverified'] as const) {
      gcp.state.garble = garble;
      expect(await failure(own.sign(message, soon()))).toMatchObject({ code: 'gcpKms.checksum', retryable: true });
    }
  });
});

describe('Vault', () => {
  it('signs with the version of the wallet’s address after the key was rotated', async () => {
    vault.state.versions.push(plantedKey());
    expect(isSignedBy(keys.vault.address, message, await keyOf(services[2]!).sign(message, soon()))).toBe(true);
    vault.state.versions.length = 1;
  });
});

describe('the connection of a wallet', () => {
  const { signer, credentials, key } = services[0]!;
  const base = { rpc: 'chain', cluster: 'custom' };
  const { secretKey } = newSecretKey();
  const fits = (given: object): boolean => solanaWallet.fields.safeParse({ ...base, ...given }).success;

  it('names either a secret key or a service with its credentials and the address', () => {
    expect(fits({ secretKey })).toBe(true);
    expect(fits({ secretKey, signer: { type: 'keypair' } })).toBe(true);
    expect(fits({ signer, credentials, address: key.address })).toBe(true);
    expect(fits({})).toBe(false);
    expect(fits({ signer, credentials })).toBe(false);
    expect(fits({ signer, address: key.address })).toBe(false);
    expect(fits({ signer, credentials: { token: 't' }, address: key.address })).toBe(false);
    expect(fits({ secretKey, signer, credentials, address: key.address })).toBe(false);
    expect(fits({ secretKey, credentials })).toBe(false);
    expect(fits({ secretKey, address: key.address })).toBe(false);
    expect(fits({ signer: { ...signer, region: 'http://x' }, credentials, address: key.address })).toBe(false);
  });

  it('shows where the key is, and nothing that is secret', () => {
    const given = solanaWallet.fields.parse({ ...base, signer, credentials, address: key.address });
    const shown = JSON.stringify(solanaWallet.shows!(given));
    expect(shown).toContain('aws-kms');
    expect(shown).not.toContain(AWS.secret);
  });
});
