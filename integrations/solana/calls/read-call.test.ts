import { describe, expect, it } from 'vitest';
import type { Json } from '../../../graph/json.ts';
import { addressDeriver } from '../chain/library.ts';
import { SYSTEM, TOKEN } from '../chain/programs.ts';
import { fromBase58 } from '../notation/base58.ts';
import { MARKET, NEW_IDL, OLD_IDL, TOKEN_IDL } from '../testing/idls.ts';
import { somebody } from '../testing/scene.ts';
import { type CallInput, readCall } from './read-call.ts';

const derive = await addressDeriver();
const [wallet, book, other] = [somebody(), somebody(), somebody()];
const program = MARKET;
const order = { owner: other, side: 'Buy', price: 1, note: null, tags: [], seed: [1, 2, 3, 4] };

const call = (given: Partial<CallInput>) =>
  readCall({ program, moreAccounts: [], dataEncoding: 'base64', arguments: {}, ...given }, { wallet, derive });
const described = (given: Partial<CallInput> = {}, idl: unknown = NEW_IDL) =>
  call({
    idl: idl as Json,
    instruction: 'placeOrderV2',
    arguments: { order, maxFee: 1 },
    accounts: { book },
    ...given,
  });

const plain = (address: string, signer = false, writable = false) => ({ address, signer, writable });

describe('a call', () => {
  it('is read from bytes in base64 and hex, and `wallet` is the address of the wallet', () => {
    const accounts = [plain('wallet', true), plain(other, false, true)];
    const expected = { program, accounts: [plain(wallet, true), plain(other, false, true)] };
    expect(call({ accounts, data: 'AQI=' })).toEqual({ ...expected, data: Buffer.from([1, 2]) });
    expect(call({ accounts, data: '0x0102', dataEncoding: 'hex' })).toEqual({ ...expected, data: Buffer.from([1, 2]) });
    expect(call({ data: '' })).toMatchObject({ accounts: [], data: Buffer.alloc(0) });
  });

  it('is read from an IDL: who signs is the wallet, and what the IDL knows may be left out', () => {
    const accounts = [plain(book, false, true), plain(wallet, true, true), plain(program), plain(SYSTEM)];
    expect(described().accounts).toEqual(accounts);
    expect(described({}, OLD_IDL).accounts).toEqual(accounts);
    const more = described({ accounts: { book, 'parties.referrer': other }, moreAccounts: [plain(other)] });
    expect(more.accounts).toEqual([accounts[0], accounts[1], plain(other), plain(SYSTEM), plain(other)]);
  });

  it('needs no addresses that the program derives from what is known', () => {
    const seeds = (...all: object[]) => ({ pda: { seeds: all } });
    const text = (word: string) => ({ kind: 'const', value: [...Buffer.from(word)] });
    const argument = (path: string) => ({ kind: 'arg', path });
    const account = (path: string) => ({ kind: 'account', path });
    const idl = {
      instructions: [
        {
          name: 'open',
          accounts: [
            { name: 'vault', ...seeds(text('vault'), account('owner'), argument('label'), argument('number')) },
            { name: 'ledger', ...seeds(account('vault')) },
            { name: 'receipt', pda: { seeds: [account('owner')], program: account('bank') } },
            { name: 'owner', signer: true, writable: true },
            { name: 'bank' },
            { name: 'spare', optional: true, ...seeds(text('spare')) },
          ],
          args: [
            { name: 'label', type: 'string' },
            { name: 'number', type: 'u16' },
          ],
        },
      ],
    };
    const given = { instruction: 'open', arguments: { label: 'mine', number: 258 } };
    const { accounts } = described({ ...given, accounts: { bank: TOKEN } }, idl);
    const owner = fromBase58(wallet)!;
    const vault = derive({ seeds: [Buffer.from('vault'), owner, Buffer.from('mine'), Buffer.from([2, 1])], program });
    expect(accounts.map(({ address }) => address)).toEqual([
      ...[vault, derive({ seeds: [fromBase58(vault)!], program }), derive({ seeds: [owner], program: TOKEN })],
      ...[wallet, TOKEN, program],
    ]);
    const named = described({ ...given, accounts: { bank: TOKEN, vault: other } }, idl).accounts;
    expect(named[1]!.address).toBe(derive({ seeds: [fromBase58(other)!], program }));
    const only = (pda: object) => ({
      instructions: [{ name: 'open', accounts: [{ name: 'vault', pda }], args: [{ name: 'label', type: 'string' }] }],
    });
    const field = { ...account('vault.mint'), account: 'Vault' };
    for (const one of [field, account('vault'), account('nobody'), argument('nobody'), { kind: 'odd' }])
      expect(() => described({ ...given, accounts: {} }, only({ seeds: [one] }))).toThrow(
        /accounts\.vault of open is missing/,
      );
    const long = { ...given, arguments: { label: 'x'.repeat(33) }, accounts: {} };
    expect(() => described(long, only({ seeds: [argument('label')] }))).toThrow(/is missing/);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['neither data nor an IDL', () => call({}), /Give data, or idl/],
    ['both', () => described({ data: 'AA==' }), /not both/],
    ['data that are not hex', () => call({ data: 'xyz', dataEncoding: 'hex' }), /is not hex/],
    ['accounts by name without an IDL', () => call({ data: '', accounts: { a: other } }), /must be a list/],
    ['an instruction that is not in the IDL', () => described({ instruction: 'cancel' }), /It has place_order_v2/],
    ['an account that is missing', () => described({ accounts: {} }), /accounts\.book of place_order_v2 is missing/],
    [
      'an account that the IDL does not know',
      () => described({ accounts: { book, bank: other } }),
      /accounts\.bank is none/,
    ],
    ['the IDL of another program', () => described({ program: TOKEN }), /is that of the program/],
    ['somebody else who signs', () => described({ accounts: { book, payer: other } }), /only the wallet/],
    ['no IDL', () => described({}, { instructions: 1 }), /is no IDL/],
  ])('is refused if it says %s', (_, read, message) => {
    expect(read).toThrow(message);
  });

  it('may have a mark of any length', () => {
    const accounts = { source: book, mint: other, destination: other };
    const given = { program: TOKEN, instruction: 'transferChecked', accounts, arguments: { amount: '5', decimals: 6 } };
    const { data, accounts: all } = described(given, TOKEN_IDL);
    expect(Buffer.from(data).toString('hex')).toBe('0c050000000000000006');
    expect(all[3]).toEqual(plain(wallet, true));
  });
});
