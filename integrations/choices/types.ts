import type { JsonSchema } from '../../graph/json.ts';
import type { ProviderContext } from '../context.ts';

/** What code receives that helps an author to fill in a node. It only reads. */
export type ChoiceContext = Pick<
  ProviderContext,
  'workspace' | 'connection' | 'signal' | 'network' | 'fetch' | 'excerpt'
>;

/** What an author looks for. */
export interface ChoiceQuery {
  /** Text that the author typed; '' shows the first choices. */
  readonly search: string;
  /** Null: the first page. */
  readonly cursor: string | null;
  /** The other parameters, as far as they are given without an expression. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** One choice. Whatever is offered, an author may always type another value, or an expression. */
export interface Choice {
  /** What the parameter becomes. */
  readonly value: string;
  /** What people read. */
  readonly label: string;
  readonly hint?: string;
}

/** A page of choices, and where the next one begins; null: this is the last. */
export interface ChoicePage {
  readonly items: readonly Choice[];
  readonly next: string | null;
}

/** Loads the choices of one parameter from the provider. */
export type LoadChoices = (ctx: ChoiceContext, query: ChoiceQuery) => Promise<ChoicePage>;

/**
 * Loads the schema of an object whose fields only the provider knows: the columns of a sheet, the properties of a record.
 * In the object, null clears a field, and a field that is absent is left as it is.
 */
export type LoadFields = (ctx: ChoiceContext, input: Readonly<Record<string, unknown>>) => Promise<JsonSchema>;

/** What a node type says about its choices. */
export interface Offers {
  readonly type: string;
  readonly options?: Readonly<Record<string, LoadChoices>>;
  readonly fields?: LoadFields;
}
