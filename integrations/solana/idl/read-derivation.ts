import { z } from 'zod';
import type { IdlDerivation, IdlSeed } from './idl.ts';

const name = z.string().min(1).max(200);

/** What is read of a seed. One that is a field of an account names the type of the account, and is not read. */
const seed = z.union([
  z.looseObject({ kind: z.literal('const'), value: z.array(z.int().min(0).max(255)).max(32) }),
  z.looseObject({ kind: z.literal('account'), path: name, account: z.undefined().optional() }),
  z.looseObject({ kind: z.literal('arg'), path: name }),
]);

const schema = z.looseObject({ seeds: z.array(seed).max(16), program: seed.optional() });

/** How an address is derived; null if it is not, or in a way that only the program knows. */
export function derivationIn(written: unknown): IdlDerivation | null {
  const read = schema.safeParse(written);
  if (!read.success) return null;
  const { seeds, program } = read.data;
  return { seeds: seeds.map(seedOf), program: program ? seedOf(program) : null };
}

function seedOf(written: z.output<typeof seed>): IdlSeed {
  switch (written.kind) {
    case 'const':
      return { is: 'bytes', bytes: Uint8Array.from(written.value) };
    case 'account':
      return { is: 'account', name: written.path };
    case 'arg':
      return { is: 'argument', name: written.path };
  }
}
