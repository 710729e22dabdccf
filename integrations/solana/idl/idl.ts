/** An interface description of a program (IDL of Anchor), whichever format it was written in. */

/** A type of a value. */
export type IdlType =
  | { readonly is: 'plain'; readonly of: PlainType }
  | { readonly is: 'option' | 'list'; readonly of: IdlType }
  | { readonly is: 'array'; readonly of: IdlType; readonly length: IdlLength }
  | { readonly is: 'defined'; readonly name: string; readonly generics: readonly IdlGeneric[] }
  | { readonly is: 'generic'; readonly name: string };

/** A number, or the name of a parameter of the type. */
export type IdlLength = number | { readonly generic: string };

/** What is given for a parameter of a type. */
export type IdlGeneric = { readonly type: IdlType } | { readonly length: IdlLength };

/** Integers by their bits, and the rest. */
export type PlainType =
  | `${'u' | 'i'}${8 | 16 | 32 | 64 | 128 | 256}`
  | 'f32'
  | 'f64'
  | 'bool'
  | 'string'
  | 'bytes'
  | 'pubkey';

/** Fields with names, or only in an order. */
export type IdlFields =
  | { readonly are: 'named'; readonly fields: readonly IdlField[] }
  | { readonly are: 'ordered'; readonly types: readonly IdlType[] };

export interface IdlField {
  readonly name: string;
  readonly type: IdlType;
}

/** What a name stands for. */
export type IdlDefinition = { readonly generics: readonly string[] } & (
  | { readonly is: 'struct'; readonly fields: IdlFields }
  | { readonly is: 'enum'; readonly variants: readonly { readonly name: string; readonly fields: IdlFields }[] }
  | { readonly is: 'alias'; readonly of: IdlType }
);

/** An account that an instruction takes. Accounts in groups have the names of the groups before theirs: `group.name`. */
export interface IdlAccount {
  readonly name: string;
  readonly writable: boolean;
  readonly signer: boolean;
  readonly optional: boolean;
  /** The address, if it is always the same. */
  readonly address: string | null;
  /** How the program derives it, if that is known. */
  readonly derived: IdlDerivation | null;
}

/** How a program derives an address (a PDA). */
export interface IdlDerivation {
  readonly seeds: readonly IdlSeed[];
  /** The program whose address it is; null: the program itself. */
  readonly program: IdlSeed | null;
}

/** A part of what an address is derived from: bytes, the address of another account, or an argument. */
export type IdlSeed =
  | { readonly is: 'bytes'; readonly bytes: Uint8Array }
  | { readonly is: 'account' | 'argument'; readonly name: string };

export interface IdlInstruction {
  readonly name: string;
  readonly discriminator: Uint8Array;
  readonly accounts: readonly IdlAccount[];
  readonly args: readonly IdlField[];
}

/** Something that a program stores or logs, by the bytes with which it begins. */
export interface IdlTagged {
  readonly name: string;
  readonly discriminator: Uint8Array;
  readonly type: IdlType;
}

/** A whole description. */
export interface Idl {
  /** The program, if the description says which one it is about. */
  readonly address: string | null;
  readonly instructions: readonly IdlInstruction[];
  readonly accounts: readonly IdlTagged[];
  readonly events: readonly IdlTagged[];
  readonly types: ReadonlyMap<string, IdlDefinition>;
}

/** Names are the same whether they are written `likeThis`, `like_this` or `LikeThis`. */
export const sameName = (a: string, b: string): boolean => plainName(a) === plainName(b);

export const plainName = (name: string): string => name.replaceAll('_', '').toLowerCase();
