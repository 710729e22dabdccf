import type { JsonSchema } from '../../../graph/json.ts';
import type { OpenConnection } from '../../context.ts';
import type { ConnectionType } from '../../define-connection.ts';
import { jsonSchema } from '../../describe.ts';

/** Stands in every secret of a sample connection: whoever finds it elsewhere has found a leak. */
export const CANARY = 'CANARY-9aZ4kQ2mW7xB';
/** The same, in a connection of somebody else. */
export const OTHER_CANARY = 'CANARY-tR8vLc3nYd5H';

/** How a secret is shown: as it is, in hex, and within a longer text in base64, as HTTP basic authentication has it. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString('hex'),
  ...[0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
      .toString('base64')
      .slice(4, -4),
  ),
];

/** Whether a text shows a secret in some form. */
export const shows = (text: string, secret: string): boolean => formsOf(secret).some((form) => text.includes(form));

/** Values of fields whose schema says too little. */
const KNOWN: Readonly<Record<string, unknown>> = {
  host: 'provider.example',
  user: 'ada',
  database: 'app',
  name: 'X-Api-Key',
  from: 'Blok <blok@provider.example>',
};

/** A connection of a type, with a secret (a canary) in each field that holds one, bound to its own hosts or else to every host of the examples. */
export function sampleConnection(type: ConnectionType, secret: string = CANARY): OpenConnection {
  const required = dataOf(type, secret, (name, needed) => needed.has(name));
  const withSecrets = dataOf(type, secret, (name, needed) => needed.has(name) || type.secretFields.includes(name));
  const data = type.fields.safeParse(withSecrets).success ? withSecrets : required;
  const complete = type.fields.safeParse(data).success ? data : { ...data, ...optional(type, secret) };
  const parsed = type.fields.safeParse(complete);
  const isBound = parsed.success && type.allowedHosts(parsed.data).length > 0;
  const hosts = isBound ? [] : ['*.example', '*.example.com', 'provider.example'];
  return { name: 'sample', type: type.type, data: complete, hosts };
}

function dataOf(
  type: ConnectionType,
  secret: string,
  isGiven: (name: string, required: ReadonlySet<string>) => boolean,
) {
  const schema = jsonSchema(type.fields, 'input');
  const required = new Set((schema.required ?? []) as string[]);
  const fields = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  return Object.fromEntries(
    fields
      .filter(([name]) => isGiven(name, required))
      .map(([name, field]) => [name, sampleOf(name, field, type.secretFields.includes(name) ? secret : null)]),
  );
}

/** For types in which no single field is required, but one of several is. */
function optional(type: ConnectionType, secret: string): Record<string, unknown> {
  const candidates: Record<string, unknown>[] = [
    { url: `postgres://ada:${secret}@db.provider.example/app` },
    { host: 'provider.example', password: secret },
    { urls: [`https://provider.example/?key=${secret}`], cluster: 'mainnet' },
  ];
  return candidates.find((data) => type.fields.safeParse(data).success) ?? {};
}

function sampleOf(name: string, field: JsonSchema, secret: string | null): unknown {
  // Some services take their key in the address.
  if (secret !== null) return field.format === 'uri' ? `https://provider.example/?key=${secret}` : secret;
  if (name in KNOWN) return KNOWN[name];
  if (Array.isArray(field.enum)) return field.enum[0];
  if (field.type === 'boolean') return false;
  if (field.type === 'integer' || field.type === 'number') return field.minimum ?? 1;
  if (field.format === 'uri') return 'https://provider.example';
  return 'sample';
}
