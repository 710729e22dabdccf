/** Interface descriptions, in both formats, for tests. The types of both are the same. */
import type { Json } from '../../../graph/json.ts';
import { TOKEN } from '../chain/programs.ts';

const definitions = (pubkey: string, named: (name: string) => Json): Json[] => [
  {
    name: 'Order',
    type: {
      kind: 'struct',
      fields: [
        { name: 'owner', type: pubkey },
        { name: 'side', type: named('Side') },
        { name: 'price', type: 'u64' },
        { name: 'note', type: { option: 'string' } },
        { name: 'tags', type: { vec: 'u16' } },
        { name: 'seed', type: { array: ['u8', 4] } },
      ],
    },
  },
  {
    name: 'Side',
    type: {
      kind: 'enum',
      variants: [
        { name: 'Buy' },
        { name: 'Sell', fields: [{ name: 'limit', type: 'i64' }] },
        { name: 'Both', fields: ['u8', 'bool'] },
      ],
    },
  },
];

/** The program that both describe. */
export const MARKET = 'Stake11111111111111111111111111111111111111';

/** As Anchor wrote it before 0.30: camel case, and marks that follow from the names. */
export const OLD_IDL: Json = {
  version: '0.1.0',
  name: 'market',
  instructions: [
    {
      name: 'placeOrderV2',
      accounts: [
        { name: 'book', isMut: true, isSigner: false },
        {
          name: 'parties',
          accounts: [
            { name: 'payer', isMut: true, isSigner: true },
            { name: 'referrer', isMut: false, isSigner: false, isOptional: true },
          ],
        },
        { name: 'systemProgram', isMut: false, isSigner: false },
      ],
      args: [
        { name: 'order', type: { defined: 'Order' } },
        { name: 'maxFee', type: 'u128' },
      ],
    },
  ],
  accounts: [
    {
      name: 'Book',
      type: {
        kind: 'struct',
        fields: [
          { name: 'admin', type: 'publicKey' },
          { name: 'orders', type: { vec: { defined: 'Order' } } },
        ],
      },
    },
  ],
  events: [{ name: 'Placed', fields: [{ name: 'price', type: 'u64', index: false }] }],
  types: definitions('publicKey', (defined) => ({ defined })),
};

/** The same since 0.30: snake case, marks and addresses in it. */
export const NEW_IDL: Json = {
  address: MARKET,
  metadata: { name: 'market', version: '0.1.0', spec: '0.1.0' },
  instructions: [
    {
      name: 'place_order_v2',
      discriminator: [1, 2, 3, 4, 5, 6, 7, 8],
      accounts: [
        { name: 'book', writable: true },
        {
          name: 'parties',
          accounts: [
            { name: 'payer', writable: true, signer: true },
            { name: 'referrer', optional: true },
          ],
        },
        { name: 'system_program', address: '11111111111111111111111111111111' },
      ],
      args: [
        { name: 'order', type: { defined: { name: 'Order' } } },
        { name: 'max_fee', type: 'u128' },
      ],
    },
  ],
  accounts: [{ name: 'Book', discriminator: [9, 9, 9, 9, 9, 9, 9, 9] }],
  events: [{ name: 'Placed', discriminator: [8, 8, 8, 8, 8, 8, 8, 8] }],
  types: [
    ...definitions('pubkey', (name) => ({ defined: { name } })),
    {
      name: 'Book',
      type: {
        kind: 'struct',
        fields: [
          { name: 'admin', type: 'pubkey' },
          { name: 'orders', type: { vec: { defined: { name: 'Order' } } } },
        ],
      },
    },
    { name: 'Placed', type: { kind: 'struct', fields: [{ name: 'price', type: 'u64' }] } },
  ],
};

/** The token program, described as if it were written with Anchor: marks may have any length. */
export const TOKEN_IDL: Json = {
  address: TOKEN,
  metadata: { name: 'token', version: '1.0.0', spec: '0.1.0' },
  instructions: [
    {
      name: 'transfer_checked',
      discriminator: [12],
      accounts: [
        { name: 'source', writable: true },
        { name: 'mint' },
        { name: 'destination', writable: true },
        { name: 'authority', signer: true },
      ],
      args: [
        { name: 'amount', type: 'u64' },
        { name: 'decimals', type: 'u8' },
      ],
    },
    {
      name: 'approve',
      discriminator: [4],
      accounts: [{ name: 'source', writable: true }, { name: 'delegate' }, { name: 'owner', signer: true }],
      args: [{ name: 'amount', type: 'u64' }],
    },
    {
      name: 'set_authority',
      discriminator: [6],
      accounts: [
        { name: 'owned', writable: true },
        { name: 'owner', signer: true },
      ],
      args: [
        { name: 'kind', type: 'u8' },
        { name: 'new_authority', type: { option: 'pubkey' } },
      ],
    },
  ],
  types: [],
};
