import type { Json } from '../../graph/json.ts';
import { moodOf, overlap, sentencesAbout, sentencesOf, summaryOf, type Thing, thingsIn } from './words.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Deepest value that is made, and most entries of a list. */
const MAX_DEPTH = 12;
const MAX_ITEMS = 20;

/** A property that is to be filled. */
interface Place {
  readonly root: Schema;
  readonly name: string;
  readonly depth: number;
}

/** A value of a JSON Schema, from what a text says. */
export const fill = (schema: Schema, text: string): Json => filled(schema, text, { root: schema, name: '', depth: 0 });

function filled(given: unknown, text: string, place: Place): Json {
  const schema = resolved(given, place.root);
  if (place.depth > MAX_DEPTH) return null;
  if ('const' in schema) return schema.const as Json;
  if (Array.isArray(schema.enum)) return wordOf(schema.enum as Json[], text, place.name);
  const branches = (schema.anyOf ?? schema.oneOf) as unknown[] | undefined;
  if (branches !== undefined) return oneOf(branches, text, place);
  switch ([schema.type].flat()[0]) {
    case 'object':
      return objectOf(schema, text, place);
    case 'array':
      return listOf(schema, text, place);
    case 'string':
      return textFor(schema, text, place);
    case 'integer':
      return Math.round(numberFor(schema, text, place));
    case 'number':
      return numberFor(schema, text, place);
    case 'boolean':
      return overlap(spaced(place.name), text) > 0;
    default:
      return null;
  }
}

function objectOf(schema: Schema, text: string, { root, depth }: Place): Json {
  const entries = Object.entries((schema.properties ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([name, each]) => [name, filled(each, text, { root, name, depth: depth + 1 })]),
  );
}

/** Things with a form that fit the entries, or else sentences. */
function listOf(schema: Schema, text: string, { root, name, depth }: Place): Json {
  const items = resolved(schema.items, root);
  const most = Math.min(MAX_ITEMS, Number(schema.maxItems ?? MAX_ITEMS));
  const place = { root, name, depth: depth + 1 };
  if (items.type === 'object') {
    const kinds = kindsOf(items, root);
    const things = thingsIn(text).filter(({ kind }) => kinds === null || kinds.some((each) => isKind(each, kind)));
    const sources =
      things.length > 0 && kinds !== null ? things.map((thing) => thing.text) : sentencesOf(text).slice(0, 1);
    return sources.slice(0, most).map((source) => entityOf(items, source, text, place));
  }
  if (items.type === 'string' && !Array.isArray(items.enum)) {
    const things = thingsIn(text).filter(({ kind }) => isKind(name, kind));
    return (things.length > 0 ? things.map((thing) => thing.text) : summaryOf(text, 60)).slice(0, Math.min(most, 5));
  }
  return [filled(items, text, place)].slice(0, most);
}

/** An entry about a part of the text: fields that hold the part itself, and fields that say of what kind it is. */
function entityOf(items: Schema, source: string, text: string, { root, depth }: Place): Json {
  const thing = thingsIn(source)[0];
  const entries = Object.entries((items.properties ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([name, each]) => {
      const schema = resolved(each, root);
      const words = schema.enum as Json[] | undefined;
      const fitting = words?.find((word) => thing !== undefined && isKind(String(word), thing.kind));
      if (fitting !== undefined) return [name, fitting];
      if (words === undefined && schema.type === 'string' && /^(text|value|quote|passage|mention|name)$/.test(name))
        return [name, source];
      return [name, filled(each, `${source}\n${text}`, { root, name, depth: depth + 1 })];
    }),
  );
}

/** The kinds that entries are told apart by, or null if they are not. */
function kindsOf(items: Schema, root: Schema): string[] | null {
  const fields = Object.values((items.properties ?? {}) as Record<string, unknown>).map((each) => resolved(each, root));
  const words = fields.flatMap(({ enum: each }) => (each ?? []) as unknown[]);
  return words.length === 0 ? null : words.map(String);
}

const KINDS: Readonly<Record<Thing['kind'], RegExp>> = {
  email: /mail/i,
  url: /url|link|address|website/i,
  date: /date|day|time|due/i,
  money: /money|amount|price|total|cost/i,
  phone: /phone|tel/i,
  person: /person|people|name|customer|contact|author/i,
};

const isKind = (word: string, kind: Thing['kind']): boolean => KINDS[kind].test(word);

/** A value other than null, if the text holds one. */
function oneOf(branches: readonly unknown[], text: string, place: Place): Json {
  const real = branches.find((branch) => resolved(branch, place.root).type !== 'null');
  const canBeNull = real === undefined || branches.some((branch) => resolved(branch, place.root).type === 'null');
  if (real === undefined) return null;
  const isText = resolved(real, place.root).type === 'string';
  return canBeNull && isText && labelled(text, place.name) === null ? null : filled(real, text, place);
}

/** The word that fits the text best; of moods, the one that the text has. */
function wordOf(words: readonly Json[], text: string, name: string): Json {
  const mood = moodOf(text);
  const wanted = mood > 0.2 ? /^(positive|happy|good)/i : mood < -0.2 ? /^(negative|angry|bad)/i : /^neutral/i;
  const moody = words.find((word) => wanted.test(String(word)));
  if (moody !== undefined) return moody;
  const said = labelled(text, name);
  const exact = words.find((word) => said !== null && String(word).toLowerCase() === said.toLowerCase());
  if (exact !== undefined) return exact;
  const scores = words.map((word) => overlap(spaced(String(word)), text));
  return words[scores.indexOf(Math.max(...scores))] ?? null;
}

function textFor(schema: Schema, text: string, { name }: Place): string {
  const most = Number(schema.maxLength ?? 100_000);
  const thing = thingsIn(text).find(({ kind }) => isKind(String(schema.format ?? name), kind));
  const found =
    labelled(text, name) ?? thing?.text ?? sentencesAbout(text, `${spaced(name)} ${schema.description ?? ''}`, 1)[0];
  return (found ?? summaryOf(text, 40).join(' ')).slice(0, most);
}

function numberFor(schema: Schema, text: string, { name }: Place): number {
  const [least, most] = [
    Number(schema.minimum ?? Number.NEGATIVE_INFINITY),
    Number(schema.maximum ?? Number.POSITIVE_INFINITY),
  ];
  const within = (value: number) => Math.min(most, Math.max(least, value));
  if (/confidence|probability|certainty|score/i.test(name)) {
    // Strict modes leave out the minimum, so that only the description tells that a number may be negative.
    const canBeNegative = (Number.isFinite(least) && least < 0) || /-1\b/.test(String(schema.description ?? ''));
    return within(/sentiment|polarity|mood/i.test(name) || canBeNegative ? moodOf(text) : 0.9);
  }
  const near = new RegExp(
    `${spaced(name)
      .split(' ')[0]!
      .replaceAll(/[^\p{L}\p{N}]/gu, '')}[^\\d\\n]{0,30}(-?\\d[\\d.,]{0,15})`,
    'iu',
  ).exec(text)?.[1];
  const first = /-?\d[\d.,]{0,15}/.exec(text)?.[0];
  return within(numberOf(near ?? first ?? '0'));
}

/** `1,234.50`, `1.234,50` */
function numberOf(text: string): number {
  const plain = /,\d{1,2}$/.test(text) ? text.replaceAll('.', '').replace(',', '.') : text.replaceAll(',', '');
  return Number.parseFloat(plain) || 0;
}

/** What stands behind the name in lines such as `Invoice number: 17`. */
function labelled(text: string, name: string): string | null {
  const label = spaced(name).replaceAll(/[^\p{L}\p{N} ]/gu, '');
  if (label === '') return null;
  const found = new RegExp(`(?:^|[\\n"{,])[^\\n:]{0,30}\\b${label}\\b["*]{0,3} ?: ?"?([^\\n"]{1,300})`, 'iu').exec(
    text,
  )?.[1];
  return found === undefined ? null : found.trim().replace(/[,}]+$/, '');
}

/** `invoiceNumber`, `invoice_number` as words. */
const spaced = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .trim();

function resolved(given: unknown, root: Schema): Schema {
  let schema = (given !== null && typeof given === 'object' ? given : {}) as Schema;
  for (let hops = 0; typeof schema.$ref === 'string' && hops < 10; hops += 1) {
    const path = schema.$ref.split('/').slice(1);
    schema = (path.reduce<unknown>((at, part) => (at as Schema | undefined)?.[part], root) ?? {}) as Schema;
  }
  return schema;
}
