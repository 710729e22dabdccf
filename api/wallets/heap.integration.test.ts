import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSecretKey } from '../../integrations/solana/wallet/keypair.ts';
import { secretKeyBytes } from '../../integrations/solana/wallet/secret-key.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();
const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, '../testing/memory-process.ts');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blok-heap-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A secret key in every form in which it could be found. */
function formsOf(secretKey: string): Buffer[] {
  const whole = Buffer.from(secretKeyBytes(secretKey)!);
  const texts = [whole, whole.subarray(0, 32)].flatMap((bytes) => [
    ...[bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), JSON.stringify([...bytes])],
  ]);
  return [whole.subarray(0, 32), ...[secretKey, ...texts].map((text) => Buffer.from(text))];
}

it('the key of a wallet is in no memory dump, answer or log of an API that lists and uses wallets and connections', async () => {
  const { secretKey, address } = newSecretKey();
  const policy = { assets: [{ asset: 'SOL', perTransaction: '1', perDay: '2' }], recipients: 'any' };
  const data = { rpc: 'chain', cluster: 'custom', secretKey, policy };
  await api.put('/api/connections/planted', { type: 'solana-wallet', data });
  await api.put('/api/connections/chain', {
    type: 'solana-rpc',
    data: { urls: ['http://127.0.0.1:1/'], cluster: 'custom' },
  });
  const heap = join(folder, 'api.heapsnapshot');
  const requests = [
    ...['GET /api/connections', 'GET /api/connections/planted', 'GET /api/connections/planted/uses'],
    ...[
      'GET /api/wallets',
      'GET /api/wallets/planted',
      'GET /api/wallets/planted/payments',
      'GET /api/wallets/planted/approvals',
    ],
    ...['POST /api/connections/planted/test {}', 'PUT /api/wallets/planted/policy {"policy":null}'],
    ...['POST /api/wallets/planted/stop {}', 'POST /api/wallets/planted/start {}', 'GET /api/wallets/planted'],
  ];
  const { stdout, stderr } = await run(process.execPath, [PROGRAM, api.store.url(), 'a', heap, ...requests]);
  expect(stdout.match(/^200 /gm)).toHaveLength(requests.length);
  const dump = await readFile(heap);
  // What is open is there, so the dump shows what the process knows.
  expect(dump.includes(address)).toBe(true);
  for (const form of formsOf(secretKey)) {
    expect(dump.includes(form)).toBe(false);
    expect((stdout + stderr).includes(form.toString('latin1'))).toBe(false);
  }
}, 60_000);
