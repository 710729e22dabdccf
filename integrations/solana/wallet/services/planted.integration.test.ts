import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GENEROUS, type Scene, setScene, somebody } from '../../testing/scene.ts';
import { AWS, startAwsKms } from '../../testing/services/aws.ts';
import { GCP, startGcpKms } from '../../testing/services/gcp.ts';
import { plantedKey } from '../../testing/services/planted.ts';
import { startVault, VAULT } from '../../testing/services/vault.ts';
import { newSecretKey, readKeypair } from '../keypair.ts';

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, '../../testing/pay-process.ts');

let scene: Scene;
let folder: string;
beforeAll(async () => {
  scene = await setScene();
  folder = await mkdtemp(join(tmpdir(), 'blok-heap-'));
});
afterAll(async () => {
  await scene.close();
  await rm(folder, { recursive: true });
});

/** Pays in a process of its own. @returns all that it printed, and its heap */
async function payElsewhere(data: object): Promise<{ printed: string; heap: Buffer }> {
  const connection = {
    ...{ name: 'payer', type: 'solana-wallet', hosts: [], linked: { rpc: scene.rpc() } },
    data: { rpc: 'chain', cluster: 'custom', policy: GENEROUS, ...data },
  };
  const file = join(folder, 'heap.heapsnapshot');
  const { stdout, stderr } = await run(process.execPath, [PROGRAM, JSON.stringify(connection), somebody(), file]);
  expect(stdout).toContain('"state":"landed"');
  return { printed: stdout + stderr, heap: await readFile(file) };
}

it('the key that a service keeps is nowhere in the memory or the words of the process that pays with it', async () => {
  const services = [
    {
      start: startAwsKms,
      signer: (endpoint: string) => ({ type: 'aws-kms', region: AWS.region, key: AWS.key, endpoint }),
      credentials: { accessKeyId: AWS.accessKeyId, secretAccessKey: AWS.secret },
    },
    {
      start: startGcpKms,
      signer: (endpoint: string) => ({ type: 'gcp-kms', key: GCP.key, endpoint }),
      credentials: GCP.credentials,
    },
    {
      start: startVault,
      signer: (url: string) => ({ type: 'vault', url, key: VAULT.key, namespace: VAULT.namespace }),
      credentials: { token: VAULT.token },
    },
  ];
  for (const { start, signer, credentials } of services) {
    const key = plantedKey();
    scene.chain.svm.fund(key.address, 10_000_000_000n);
    const provider = await start(key);
    const { printed, heap } = await payElsewhere({ address: key.address, signer: signer(provider.base), credentials });
    expect(heap.includes(key.address)).toBe(true);
    for (const form of key.forms)
      expect([heap.includes(form), printed.includes(form.toString('latin1'))]).toEqual([false, false]);
    await provider.close();
  }
}, 120_000);

it('this test would find a key: one that is kept in the connection is in the memory of whoever pays', async () => {
  const { secretKey } = newSecretKey();
  const { address } = readKeypair(secretKey)!;
  scene.chain.svm.fund(address, 10_000_000_000n);
  expect((await payElsewhere({ secretKey })).heap.includes(secretKey)).toBe(true);
}, 60_000);
