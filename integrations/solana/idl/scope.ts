import { NodeError } from '../../error.ts';
import type { Idl, IdlDefinition, IdlLength, IdlType } from './idl.ts';

/** What names mean where a type stands. */
export interface Scope {
  readonly types: Idl['types'];
  /** Parameters of the definition at hand. */
  readonly given: ReadonlyMap<string, { readonly type: IdlType; readonly scope: Scope } | number>;
}

export const scopeOf = ({ types }: Pick<Idl, 'types'>): Scope => ({ types, given: new Map() });

/** The definition of a name, with its parameters filled in. @throws NodeError `input.invalid` */
export function definitionOf(
  { name, generics }: Extract<IdlType, { is: 'defined' }>,
  scope: Scope,
): { readonly definition: IdlDefinition; readonly scope: Scope } {
  const definition = scope.types.get(name);
  if (!definition) throw missing(`the type ${name}`);
  const given = new Map(
    definition.generics.map((parameter, index) => {
      const one = generics[index];
      if (!one) throw missing(`what ${parameter} of ${name} is`);
      return [parameter, 'type' in one ? { type: one.type, scope } : lengthOf(one.length, scope)];
    }),
  );
  return { definition, scope: { types: scope.types, given } };
}

/** What a parameter stands for. */
export function genericOf(name: string, { given }: Scope): { readonly type: IdlType; readonly scope: Scope } {
  const found = given.get(name);
  if (found === undefined || typeof found === 'number') throw missing(`what ${name} is`);
  return found;
}

/** How long an array is. */
export function lengthOf(length: IdlLength, { given }: Scope): number {
  if (typeof length === 'number') return length;
  const found = given.get(length.generic);
  if (typeof found !== 'number') throw missing(`what ${length.generic} is`);
  return found;
}

const missing = (what: string): NodeError => new NodeError('input.invalid', `idl does not say ${what.slice(0, 200)}.`);
