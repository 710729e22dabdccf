import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import { fromBase58 } from '../notation/base58.ts';
import { NEW_IDL, OLD_IDL } from '../testing/idls.ts';
import { decodeAccount, decodeEvent } from './decode.ts';
import { encodeInstruction } from './encode.ts';
import { type IdlType, sameName } from './idl.ts';
import { readIdl } from './read-idl.ts';

const OWNER = '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU';
const old = readIdl(OLD_IDL);
const since = readIdl(NEW_IDL);
const owner = Buffer.from(fromBase58(OWNER)!).toString('hex');

const order = {
  owner: OWNER,
  side: 'Buy',
  price: '18446744073709551615',
  note: 'hi',
  tags: [1, 513],
  seed: '0x01020304',
};

/** What Borsh makes of it: the owner, the variant, eight bytes, an option of a text, a list, an array. */
const ORDER = `${owner}00ffffffffffffffff01020000006869020000000100010201020304`;

const instructionOf = (name: string, idl = since) => idl.instructions.find((one) => sameName(one.name, name))!;
const encoded = (args: unknown, idl = since) =>
  Buffer.from(encodeInstruction(idl, instructionOf('placeOrderV2', idl), args as Json)).toString('hex');

describe('an IDL', () => {
  it('is read in both formats', () => {
    expect(since).toMatchObject({ address: 'Stake11111111111111111111111111111111111111' });
    expect(old.address).toBeNull();
    const accounts = [
      { name: 'book', writable: true, signer: false },
      { name: 'parties.payer', writable: true, signer: true },
      { name: 'parties.referrer', optional: true, signer: false },
    ];
    expect(instructionOf('placeOrderV2', old).accounts).toMatchObject([...accounts, { name: 'systemProgram' }]);
    expect(instructionOf('placeOrderV2').accounts).toMatchObject([
      ...accounts,
      { name: 'system_program', address: '11111111111111111111111111111111' },
    ]);
    expect(readIdl(JSON.stringify(NEW_IDL))).toEqual(since);
  });

  it.each<[string, unknown]>([
    ['no object', 7],
    ['a text that is not JSON', '{'],
    ['types that are not known', { instructions: [{ name: 'a', args: [{ name: 'b', type: 'u7' }] }] }],
    ['an array of no length', { instructions: [{ name: 'a', args: [{ name: 'b', type: { array: ['u8'] } }] }] }],
    ['accounts that are no list', { instructions: [{ name: 'a', accounts: {} }] }],
    [
      'a serialization of its own',
      { types: [{ name: 'a', serialization: { custom: 'x' }, type: { kind: 'struct' } }] },
    ],
  ])('is refused if it is, or holds, %s', (_, idl) => {
    expect(() => readIdl(idl as Json)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  });

  it('is refused as such, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          readIdl(value as Json);
        } catch (error) {
          expect(error).toBeInstanceOf(NodeError);
        }
      }),
    );
  });
});

describe('arguments', () => {
  it('are written in Borsh, after the mark of the instruction', () => {
    const fee = '02000000000000000000000000000000';
    expect(encoded({ order, max_fee: 2 })).toBe(`0102030405060708${ORDER}${fee}`);
    expect(encoded({ order, maxFee: '2' }, old)).toBe(`${OLD_MARK}${ORDER}${fee}`);
  });

  it('may leave out what is optional, and name variants with their fields', () => {
    const with_ = (change: object) => encoded({ order: { ...order, note: null, tags: [], ...change }, maxFee: 0 });
    const rest = '000000000001020304'.padEnd(18 + 32, '0');
    const price = 'ffffffffffffffff';
    expect(with_({ side: { sell: { limit: -2 } } })).toBe(`0102030405060708${owner}01feffffffffffffff${price}${rest}`);
    expect(with_({ side: { both: [7, true] }, note: undefined })).toBe(`0102030405060708${owner}020701${price}${rest}`);
  });

  it.each<[string, unknown, RegExp]>([
    ['a field that is missing', { order: { ...order, price: undefined } }, /^arguments\.order\.price is missing/],
    ['a field too many', { order: { ...order, prize: 1 } }, /order\.prize is not in the IDL/],
    ['a number that does not fit', { order: { ...order, tags: [65_536] } }, /tags\[0\] must be a whole number.* u16/],
    ['a number below zero', { order: { ...order, price: -1 } }, /price must be/],
    ['a number that is not exact', { order: { ...order, price: 2 ** 60 } }, /or a text with its digits/],
    ['a variant that there is not', { order: { ...order, side: 'Hold' } }, /must be one of Buy, Sell, Both/],
    [
      'fields of a variant that are missing',
      { order: { ...order, side: { sell: {} } } },
      /side\.sell\.limit is missing/,
    ],
    ['an array of another length', { order: { ...order, seed: [1, 2] } }, /has 2 items and must have 4/],
    ['what is no address', { order: { ...order, owner: 'me' } }, /must be an address/],
    ['a list', [1], /must be an object with order, max_fee/],
    ['more than a transaction holds', { order: { ...order, note: 'x'.repeat(5_000) }, maxFee: 0 }, /larger than/],
  ])('are refused with their place: %s', (_, args, message) => {
    expect(() => encoded(args)).toThrow(message);
  });

  it('take parameters of types', () => {
    const idl = readIdl({
      instructions: [{ name: 'go', discriminator: [1], args: [{ name: 'a', type: PAIR }] }],
      types: [
        {
          name: 'Pair',
          generics: [
            { kind: 'type', name: 'T' },
            { kind: 'const', name: 'N', type: 'usize' },
          ],
          type: { kind: 'struct', fields: [{ name: 'all', type: { array: [{ generic: 'T' }, { generic: 'N' }] } }] },
        },
      ],
    });
    const bytes = encodeInstruction(idl, idl.instructions[0]!, { a: { all: [1, 2] } });
    expect([...bytes]).toEqual([1, 1, 0, 2, 0]);
  });
});

const PAIR: Json = {
  defined: {
    name: 'Pair',
    generics: [
      { kind: 'type', type: 'u16' },
      { kind: 'const', value: '2' },
    ],
  },
};
const OLD_MARK = 'e86f73c4ed8f3ecc';

describe('what a program stores and logs', () => {
  it('is read by its mark, with every digit', () => {
    const book = (mark: string) => Buffer.from(`${mark}${owner}01000000${ORDER}`, 'hex');
    const value = { admin: OWNER, orders: [{ ...order, side: 'Buy', seed: 'AQIDBA==' }] };
    expect(decodeAccount(since, book('0909090909090909'))).toEqual({ name: 'Book', value });
    expect(decodeAccount(old, book('792279235b3e55de'))).toEqual({ name: 'Book', value });
    const placed = Buffer.from('0808080808080808ffffffffffffffff', 'hex');
    expect(decodeEvent(since, placed)).toEqual({ name: 'Placed', value: { price: '18446744073709551615' } });
    expect(decodeEvent(old, Buffer.from('b60c0f139b1daf9c0100000000000000', 'hex'))).toMatchObject({
      value: { price: '1' },
    });
  });

  it('is null if it is something else, or ends too soon, or names more than there is', () => {
    for (const bytes of ['', '0909', '0909090909090909', `0909090909090909${owner}ffffffff`])
      expect(decodeAccount(since, Buffer.from(bytes, 'hex'))).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodeAccount(since, Buffer.concat([Buffer.alloc(8, 9), bytes]));
      }),
    );
  });

  it('is what was written, for any value of any type', () => {
    fc.assert(
      fc.property(typed(), ({ type, value }) => {
        const idl = { ...since, types: new Map([['T', { is: 'alias' as const, generics: [], of: type }]]) };
        const all: IdlType = { is: 'defined', name: 'T', generics: [] };
        const mark = Uint8Array.of(1);
        const bytes = encodeInstruction(
          idl,
          { name: 'a', discriminator: mark, accounts: [], args: [{ name: 'v', type: all }] },
          {
            v: value,
          },
        );
        const read = { ...idl, accounts: [{ name: 'T', discriminator: mark, type: all }] };
        expect(decodeAccount(read, bytes)?.value).toEqual(value);
      }),
    );
  });
});

/** A type with a value of it, as decoding writes it. */
function typed(): fc.Arbitrary<{ type: IdlType; value: Json }> {
  const plain = <T extends Json>(of: Extract<IdlType, { is: 'plain' }>['of'], value: fc.Arbitrary<T>) =>
    value.map((one) => ({ type: { is: 'plain', of } as IdlType, value: one as Json }));
  const leaf = fc.oneof(
    plain('u32', fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    plain('i16', fc.integer({ min: -32_768, max: 32_767 })),
    plain('u64', fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)),
    plain('i128', fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }).map(String)),
    plain('u256', fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map(String)),
    plain(
      'f64',
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => (Object.is(one, -0) ? 0 : one)),
    ),
    plain('bool', fc.boolean()),
    plain('string', fc.string()),
    plain(
      'bytes',
      fc.uint8Array({ maxLength: 20 }).map((one) => Buffer.from(one).toString('base64')),
    ),
    plain('pubkey', fc.constant(OWNER)),
  );
  return fc.oneof(
    leaf,
    fc.tuple(leaf, fc.boolean()).map(([{ type, value }, isNull]) => ({
      type: { is: 'option', of: type } as IdlType,
      value: isNull ? null : value,
    })),
    fc.tuple(leaf, fc.nat({ max: 3 })).map(([{ type, value }, count]) => ({
      type: { is: 'list', of: type } as IdlType,
      value: Array(count).fill(value),
    })),
  );
}
