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

/** A connection of a type, with a canary in each secret, bound to its own hosts or else to every host of the examples. */
export function sampleConnection(type: ConnectionType): OpenConnection {
  const required = dataOf(type, (name, needed) => needed.has(name));
  const withSecrets = dataOf(type, (name, needed) => needed.has(name) || type.secretFields.includes(name));
  const data = type.fields.safeParse(withSecrets).success ? withSecrets : required;
  const complete = type.fields.safeParse(data).success ? data : { ...data, ...optional(type) };
  const parsed = type.fields.safeParse(complete);
  const isBound = parsed.success && type.allowedHosts(parsed.data).length > 0;
  const hosts = isBound ? [] : ['*.example', '*.example.com', 'provider.example'];
  return { name: 'sample', type: type.type, data: complete, hosts };
}

function dataOf(type: ConnectionType, isGiven: (name: string, required: ReadonlySet<string>) => boolean) {
  const schema = jsonSchema(type.fields, 'input');
  const required = new Set((schema.required ?? []) as string[]);
  const fields = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  return Object.fromEntries(
    fields
      .filter(([name]) => isGiven(name, required))
      .map(([name, field]) => [name, sampleOf(name, field, type.secretFields.includes(name))]),
  );
}

/** For types in which no single field is required, but one of several is. */
function optional(type: ConnectionType): Record<string, unknown> {
  const candidates: Record<string, unknown>[] = [
    { url: `postgres://ada:${CANARY}@db.provider.example/app` },
    { host: 'provider.example', password: CANARY },
    { urls: [`https://provider.example/?key=${CANARY}`], cluster: 'mainnet' },
  ];
  return candidates.find((data) => type.fields.safeParse(data).success) ?? {};
}

function sampleOf(name: string, field: JsonSchema, isSecret: boolean): unknown {
  // Some services take their key in the address.
  if (isSecret) return field.format === 'uri' ? `https://provider.example/?key=${CANARY}` : CANARY;
  if (name in KNOWN) return KNOWN[name];
  if (Array.isArray(field.enum)) return field.enum[0];
  if (field.type === 'boolean') return false;
  if (field.type === 'integer' || field.type === 'number') return field.minimum ?? 1;
  if (field.format === 'uri') return 'https://provider.example';
  return 'sample';
}
