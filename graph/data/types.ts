import type { Fuel, Scope, Template } from '../expression/types.ts';
import type { JsonSchema } from '../json.ts';

/** A parameter of a data node. */
export interface DataParameter {
  readonly required?: boolean;
  /** The parameter's expressions, nested ones included, are read per element, with `item` and `index` in scope. */
  readonly perElement?: boolean;
  /** Schema of the resolved value; for a per-element parameter, of the value for one element. */
  readonly schema: JsonSchema;
}

/** The input of a data node. */
export interface DataInput {
  readonly with: Template | undefined;
  readonly scope: Scope;
  readonly fuel: Fuel;
}

/** A pure node type: its parameters, and how it computes its output from them. */
export interface DataNode {
  readonly params: Readonly<Record<string, DataParameter>>;
  /** @throws ExpressionError, DataError, NeedsData */
  readonly run: (input: DataInput) => unknown;
}

/** A data node got a parameter that it cannot work on. Never retried. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly code = 'input.invalid';
}

/** Throws a `DataError`. */
export function invalid(message: string): never {
  throw new DataError(message);
}
