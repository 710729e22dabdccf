import { z } from 'zod';
import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import { isAddress } from '../notation/base58.ts';
import { discriminatorOf } from './discriminators.ts';
import type { Idl, IdlAccount, IdlDefinition, IdlTagged } from './idl.ts';
import { derivationIn } from './read-derivation.ts';
import { fieldsIn, typeIn } from './read-types.ts';

/** What is read of a description, in both formats: the one before Anchor 0.30, and the one since. */
const named = { name: z.string().min(1).max(200) };
const bytes = z.array(z.int().min(0).max(255)).min(1).max(32);
const entries = <T extends z.ZodType>(one: T) => z.array(one).max(2_000).default([]);
const field = z.looseObject({ ...named, type: z.unknown() });

const account: z.ZodType<WrittenAccount> = z.lazy(() =>
  z.looseObject({
    ...named,
    accounts: z.array(account).max(64).optional(),
    ...{ isMut: z.boolean().optional(), isSigner: z.boolean().optional(), isOptional: z.boolean().optional() },
    ...{ writable: z.boolean().optional(), signer: z.boolean().optional(), optional: z.boolean().optional() },
    address: z.string().optional(),
    pda: z.unknown().optional(),
  }),
);

interface WrittenAccount {
  readonly name: string;
  readonly accounts?: readonly WrittenAccount[] | undefined;
  readonly isMut?: boolean | undefined;
  readonly isSigner?: boolean | undefined;
  readonly isOptional?: boolean | undefined;
  readonly writable?: boolean | undefined;
  readonly signer?: boolean | undefined;
  readonly optional?: boolean | undefined;
  readonly address?: string | undefined;
  readonly pda?: unknown;
}

const definition = z.looseObject({
  ...named,
  generics: entries(z.looseObject(named)),
  serialization: z.unknown().optional(),
  type: z.looseObject({
    kind: z.enum(['struct', 'enum', 'type', 'alias']),
    fields: z.array(z.unknown()).max(500).optional(),
    variants: z
      .array(z.looseObject({ ...named, fields: z.array(z.unknown()).max(500).optional() }))
      .max(256)
      .optional(),
    ...{ alias: z.unknown().optional(), value: z.unknown().optional() },
  }),
});

const tagged = z.looseObject({
  ...named,
  discriminator: bytes.optional(),
  /** Of an account, before 0.30. */
  type: z.unknown().optional(),
  /** Of an event, before 0.30. */
  fields: z.array(field).optional(),
});

const schema = z.looseObject({
  address: z.string().optional(),
  metadata: z.looseObject({ address: z.string().optional() }).optional(),
  instructions: entries(
    z.looseObject({ ...named, discriminator: bytes.optional(), accounts: entries(account), args: entries(field) }),
  ),
  accounts: entries(tagged),
  events: entries(tagged),
  types: entries(definition),
});

type Written = z.output<typeof schema>;

/**
 * Reads a description, as an object or as its JSON text.
 *
 * @throws NodeError `input.invalid`
 */
export function readIdl(given: Json): Idl {
  const read = schema.safeParse(typeof given === 'string' ? parsed(given) : given);
  if (!read.success) throw invalid(z.prettifyError(read.error).slice(0, 500));
  const idl = read.data;
  const address = idl.address ?? idl.metadata?.address ?? null;
  const inline = [...idl.accounts, ...idl.events].flatMap(inlineDefinition);
  return {
    address: address !== null && isAddress(address) ? address : null,
    types: new Map([...idl.types.map(definitionOf), ...inline]),
    accounts: idl.accounts.map((one) => taggedOf('account', one)),
    events: idl.events.map((one) => taggedOf('event', one)),
    instructions: idl.instructions.map(({ name, discriminator, accounts, args }) => ({
      name,
      discriminator: discriminator ? Uint8Array.from(discriminator) : discriminatorOf('global', name),
      accounts: accounts.flatMap((one) => accountsIn(one, '')),
      args: args.map(({ name: arg, type }) => ({ name: arg, type: typeIn(type) })),
    })),
  };
}

const invalid = (what: string): NodeError => new NodeError('input.invalid', `idl is no IDL of Anchor: ${what}`);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is a text that is not JSON.');
  }
}

function accountsIn(one: WrittenAccount, group: string): IdlAccount[] {
  const name = `${group}${one.name}`;
  if (one.accounts) return one.accounts.flatMap((inner) => accountsIn(inner, `${name}.`));
  return [
    {
      name,
      writable: one.writable ?? one.isMut ?? false,
      signer: one.signer ?? one.isSigner ?? false,
      optional: one.optional ?? one.isOptional ?? false,
      address: one.address !== undefined && isAddress(one.address) ? one.address : null,
      derived: derivationIn(one.pda),
    },
  ];
}

function definitionOf({ name, generics, type, serialization }: Written['types'][number]): [string, IdlDefinition] {
  if (typeof serialization === 'object' && serialization !== null)
    throw invalid(`the type ${name} is written in a way of its own.`);
  const parameters = generics.map((one) => one.name);
  if (type.kind === 'struct') return [name, { is: 'struct', generics: parameters, fields: fieldsIn(type.fields) }];
  if (type.kind === 'enum') {
    const variants = (type.variants ?? []).map((one) => ({ name: one.name, fields: fieldsIn(one.fields) }));
    return [name, { is: 'enum', generics: parameters, variants }];
  }
  return [name, { is: 'alias', generics: parameters, of: typeIn(type.alias ?? type.value) }];
}

/** Before 0.30, what an account or an event holds stands beside its name. */
function inlineDefinition({ name, type, fields }: Written['accounts'][number]): [string, IdlDefinition][] {
  if (fields) return [[name, { is: 'struct', generics: [], fields: fieldsIn(fields) }]];
  return type === undefined ? [] : [definitionOf(definition.parse({ name, type }))];
}

const taggedOf = (kind: 'account' | 'event', { name, discriminator }: Written['accounts'][number]): IdlTagged => ({
  name,
  discriminator: discriminator ? Uint8Array.from(discriminator) : discriminatorOf(kind, name),
  type: { is: 'defined', name, generics: [] },
});
