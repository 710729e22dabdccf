import type { JsonSchema } from '../../../graph/json.ts';
import type { OpenConnection } from '../../context.ts';
import type { ConnectionType } from '../../define-connection.ts';
import { jsonSchema } from '../../describe.ts';

/** Stands in every secret of a sample connection: whoever finds it elsewhere has found a leak. */
export const CANARY = 'CANARY-9aZ4kQ2mW7xB';

/** Values of fields whose schema says too little. */
const KNOWN: Readonly<Record<string, unknown>> = {
  host: 'provider.example',
  user: 'ada',
  database: 'app',
  name: 'X-Api-Key',
  from: 'Blok <blok@provider.example>',
};

/** A connection of a type, with a canary in each secret, bound to every host of the examples. */
export function sampleConnection(type: ConnectionType): OpenConnection {
  const schema = jsonSchema(type.fields, 'input');
  const required = new Set((schema.required ?? []) as string[]);
  const data: Record<string, unknown> = {};
  for (const [name, field] of Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>)) {
    if (required.has(name)) data[name] = sampleOf(name, field, type.secretFields.includes(name));
  }
  const complete = type.fields.safeParse(data).success ? data : { ...data, ...optional(type) };
  return { name: 'sample', type: type.type, data: complete, hosts: ['*.example', '*.example.com', 'provider.example'] };
}

/** For types in which no single field is required, but one of several is. */
function optional(type: ConnectionType): Record<string, unknown> {
  const candidates: Record<string, unknown>[] = [
    { url: `postgres://ada:${CANARY}@db.provider.example/app` },
    { host: 'provider.example', password: CANARY },
  ];
  return candidates.find((data) => type.fields.safeParse(data).success) ?? {};
}

function sampleOf(name: string, field: JsonSchema, isSecret: boolean): unknown {
  if (isSecret) return CANARY;
  if (name in KNOWN) return KNOWN[name];
  if (Array.isArray(field.enum)) return field.enum[0];
  if (field.type === 'boolean') return false;
  if (field.type === 'integer' || field.type === 'number') return field.minimum ?? 1;
  if (field.format === 'uri') return 'https://provider.example';
  return 'sample';
}
