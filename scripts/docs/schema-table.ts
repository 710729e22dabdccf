import type { JsonSchema } from '../../graph/json.ts';

interface Row {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** A JSON Schema as a Markdown table: one row per field, nested fields by dotted name. */
export function schemaTable(schema: JsonSchema, what: string, second: 'default' | 'presence'): string {
  const rows = rowsOf('', schema);
  if (rows.length === 0) return `${String(schema.description ?? 'Any JSON value.')}`;
  return table(
    [what, 'type', second, ''],
    rows.map(({ name, schema, required }) => [
      code(name),
      cell(typeOf(schema)),
      second === 'default' ? defaultOf(schema, required) : required ? 'always' : 'sometimes',
      cell(String(schema.description ?? '')),
    ]),
  );
}

function defaultOf(schema: JsonSchema, required: boolean): string {
  if (schema.default !== undefined) return cell(code(JSON.stringify(schema.default)));
  return required ? 'required' : '';
}

/** A Markdown table whose columns are aligned as the formatter aligns them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => widthOf(row[column] ?? ''))));
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${cells.map((text, column) => text + fill.repeat((widths[column] ?? 0) - widthOf(text))).join(' | ')} |`;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...rows.map((row) => line(row)),
  ].join('\n');
}

/** Length in characters, as people count them. */
const widthOf = (text: string): number => [...text].length;

/** Text that cannot break out of a table's cell. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Inline code. */
export const code = (text: string): string => `\`${text}\``;

function rowsOf(prefix: string, schema: JsonSchema): Row[] {
  if (Array.isArray(schema.oneOf)) return variantRows(prefix, schema.oneOf as JsonSchema[]);
  const required = new Set((schema.required as string[] | undefined) ?? []);
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).flatMap(([key, field]) => {
    const name = `${prefix}${key}`;
    return [{ name, schema: field, required: required.has(key) }, ...nestedRows(name, field)];
  });
}

function nestedRows(name: string, field: JsonSchema): Row[] {
  if (field.type === 'array') return rowsOf(`${name}[].`, (field.items ?? {}) as JsonSchema);
  return rowsOf(`${name}.`, field);
}

/** Fields of alternatives: each distinct field once. */
function variantRows(prefix: string, variants: readonly JsonSchema[]): Row[] {
  const rows = new Map<string, Row>();
  for (const row of variants.flatMap((variant) => rowsOf(prefix, variant))) {
    const same = rows.get(row.name);
    rows.set(row.name, same ? { ...same, schema: joined(same.schema, row.schema) } : row);
  }
  return [...rows.values()];
}

/** Two schemas of one field in two alternatives: their constants, and their descriptions if these differ. */
function joined(a: JsonSchema, b: JsonSchema): JsonSchema {
  const constants = [a, b].flatMap((schema) => (schema.enum as unknown[] | undefined) ?? schema.const ?? []);
  if (constants.length === 0) return a;
  const described = [a, b].map((schema) =>
    schema.const === undefined ? schema.description : `${code(String(schema.const))}: ${String(schema.description)}`,
  );
  return { enum: constants, description: described.join(' ') };
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const options = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (options)
    return options.every(({ type }) => type === 'object') ? 'object' : [...new Set(options.map(typeOf))].join(' | ');
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  if (schema.type === 'array') return `list of ${typeOf((schema.items ?? {}) as JsonSchema)}`;
  const additional = schema.additionalProperties;
  if (schema.type === 'object' && typeof additional === 'object') return `map of ${typeOf(additional as JsonSchema)}`;
  if (schema.type === 'string' && String(schema.pattern ?? '').startsWith('^(?=[0-9])([0-9]{1,12}w)'))
    return 'duration';
  return typeof schema.type === 'string' ? schema.type : 'any';
}
