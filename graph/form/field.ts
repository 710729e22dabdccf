import type { Json, JsonSchema } from '../json.ts';

/** A field of a form, made from one place of a JSON Schema. */
export type Field = Facts &
  (
    | { readonly kind: 'text'; readonly input: TextInput }
    | { readonly kind: 'number' | 'boolean' | 'json' }
    | { readonly kind: 'choice'; readonly options: readonly Option[] }
    /** Any number of values. */
    | { readonly kind: 'choices'; readonly options: readonly Option[] }
    /** A list of texts or numbers, one per line. */
    | { readonly kind: 'lines'; readonly numbers: boolean }
    | { readonly kind: 'file'; readonly many: boolean }
    | { readonly kind: 'group'; readonly fields: readonly Field[] }
    /** A list of objects. `row` makes the fields of one. */
    | { readonly kind: 'rows'; readonly row: (index: number) => Field }
  );

/** How a browser asks for a text. */
export type TextInput = 'text' | 'area' | 'email' | 'url' | 'date' | 'time' | 'datetime-local';

/** One of the values a field may have. */
export interface Option {
  readonly label: string;
  readonly value: Json;
}

/** What all fields have. */
export interface Facts {
  /** Its place in the value, as a JSON Pointer. */
  readonly name: string;
  readonly label: string;
  readonly help: string | null;
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly initial: Json | undefined;
  /** Why the field is asked for as JSON. */
  readonly unsupported?: string;
}

/** What was filled in, as a browser sends it: texts by the name of the field. */
export type Entries = ReadonlyMap<string, readonly string[]>;

/** Entry that holds how many rows a list of objects shows. */
export const rowsOf = (name: string): string => `${name}#rows`;
