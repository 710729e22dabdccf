import { expect, it } from 'vitest';
import { solanaRpc } from './rpc-connection.ts';

const accepts = (...urls: string[]): boolean => solanaRpc.fields.safeParse({ urls, cluster: 'devnet' }).success;

it('takes each provider once, however its address is written', () => {
  expect(accepts('https://a.example/?key=1', 'https://b.example/?key=1')).toBe(true);
  for (const same of ['https://a.example/other?key=2', 'http://A.example/', 'https://user@a.example.:443/'])
    expect(accepts('https://a.example/?key=1', same), same).toBe(false);
  const { error } = solanaRpc.fields.safeParse({ urls: ['https://a.example', 'https://a.example'], cluster: 'devnet' });
  expect(error!.issues).toMatchObject([{ path: ['urls'], message: expect.stringContaining('a host of its own') }]);
});
