import type { Json } from '../json.ts';
import { unescapeSegment } from '../pointer.ts';
import { type Entries, type Field, rowsOf } from './field.ts';

/** What a form shows before anybody has filled it in: the defaults of its schema. */
export function initialEntries(form: Field): Entries {
  const entries = new Map<string, string[]>();
  fill(entries, form, form.initial);
  return entries;
}

function fill(entries: Map<string, string[]>, field: Field, given: Json | undefined): void {
  const value = given ?? field.initial;
  if (field.kind === 'group') {
    for (const inner of field.fields) fill(entries, inner, at(value, inner.name));
  } else if (field.kind === 'rows') {
    const rows = Array.isArray(value) ? value : [];
    entries.set(rowsOf(field.name), [String(Math.max(rows.length, 1))]);
    for (const [index, row] of rows.entries()) fill(entries, field.row(index), row);
  } else if (value !== undefined && value !== null) {
    entries.set(field.name, textsOf(field, value));
  }
}

const at = (value: Json | undefined, name: string): Json | undefined => {
  const key = unescapeSegment(name.slice(name.lastIndexOf('/') + 1));
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && Object.hasOwn(value, key) ? value[key] : undefined;
};

function textsOf(field: Field, value: Json): string[] {
  switch (field.kind) {
    case 'boolean':
      return value === true ? ['on'] : [];
    case 'choice':
    case 'choices':
      return (field.kind === 'choices' && Array.isArray(value) ? value : [value]).flatMap((one) => {
        const index = field.options.findIndex((option) => JSON.stringify(option.value) === JSON.stringify(one));
        return index < 0 ? [] : [String(index)];
      });
    case 'lines':
      return [Array.isArray(value) ? value.map(String).join('\n') : String(value)];
    case 'json':
      return [JSON.stringify(value, null, 2)];
    case 'text':
      return [
        field.input === 'datetime-local' || field.input === 'time'
          ? String(value).replace(/(:\d\d)(:00)?Z$/, '$1')
          : String(value),
      ];
    default:
      return [String(value)];
  }
}
