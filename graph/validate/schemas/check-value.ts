import { DURATION_PATTERN, parseDuration } from '../../duration.ts';
import { ExpressionError } from '../../expression/error.ts';
import { compilePattern } from '../../expression/library/regex-program.ts';
import { compileValue } from '../../expression/parse.ts';
import type { Json, JsonSchema } from '../../json.ts';
import { isCondition } from '../../node-types/parameter-schema.ts';
import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import { foreignParameter } from '../../problems/foreign-words.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import { RE2 } from '../../schemas/keywords.ts';
import { accepts, branchesOf, kindOf, resolve, type Within, wordsOf } from '../../schemas/schema-walk.ts';

/** Longest constant that a pattern is tried on, because patterns come from the catalogue, but texts from anyone. */
const MAX_MATCHED = 10_000;
const MAX_DEPTH = 64;

/** Called for each expression that stands alone, with the schema of the value it should yield. */
export type OnExpression = (text: string, accepts: (kind: string) => boolean, path: string, name: string) => Problem[];

interface Check extends Within {
  readonly onExpression: OnExpression;
}

/**
 * Checks a value of the document against the JSON Schema of its parameter: the subset that zod writes. An expression
 * alone in its text can yield anything and passes; a text with expressions in it is a text. `name` is what messages
 * call the value, such as `with.url`.
 */
export function checkValue(
  value: Json,
  schema: JsonSchema,
  path: string,
  name: string,
  onExpression: OnExpression = () => [],
): Problem[] {
  return check(value, schema, path, name, { root: schema, depth: 0, onExpression });
}

function check(value: Json, given: unknown, path: string, name: string, outer: Check): Problem[] {
  if (outer.depth > MAX_DEPTH || given === true || given === undefined) return [];
  if (given === false) return [problem('unknown-parameter', path, `\`${name}\` is not taken here.`)];
  const schema = resolve(given as JsonSchema, outer.root);
  const within = { ...outer, depth: outer.depth + 1 };
  if (typeof value === 'string' && value.includes('${{')) {
    const kind = compileValue(value).template[0];
    if (kind === 'e') return within.onExpression(value, (each) => accepts(schema, each, within), path, name);
    return kind === 't' && !accepts(schema, 'string', within) ? [wrongKind('a text', schema, path, name)] : [];
  }
  const branches = branchesOf(schema);
  if (branches !== undefined) {
    const found = checkBranches(value, branches, path, name, within);
    if (found.length > 0) return found;
  }
  const problems = ((schema.allOf ?? []) as unknown[]).flatMap((part) => check(value, part, path, name, within));
  if (problems.length > 0) return problems;
  if (!accepts(schema, kindOf(value), within)) return [wrongKind(called(value), schema, path, name)];
  const words = wordsOf(schema);
  if (words !== undefined && !words.some((word) => JSON.stringify(word) === JSON.stringify(value))) {
    const hint =
      typeof value === 'string'
        ? didYouMean(
            value,
            words.filter((word) => typeof word === 'string'),
          )
        : '';
    const list = words.map((word) => `\`${typeof word === 'string' ? word : JSON.stringify(word)}\``).join(', ');
    return [problem('bad-parameter', path, `\`${name}\` is ${show(value)}; it can be ${list}.${hint}`)];
  }
  if (typeof value === 'string') return checkText(value, schema, path, name);
  if (typeof value === 'number') return checkNumber(value, schema, path, name);
  if (Array.isArray(value)) return checkList(value, schema, path, name, within);
  return value !== null && typeof value === 'object' ? checkMap(value, schema, path, name, within) : [];
}

/** If no branch of a union fits, the problems of the most likely branch. */
function checkBranches(
  value: Json,
  branches: readonly unknown[],
  path: string,
  name: string,
  within: Check,
): Problem[] {
  const found = branches.map((branch) => check(value, branch, path, name, within));
  if (found.some((problems) => problems.length === 0)) return [];
  const schemas = branches.map((branch) => resolve(branch as JsonSchema, within.root));
  const likely = found.filter((_, index) => {
    const schema = schemas[index]!;
    return accepts(schema, kindOf(value), within) && sharesConstants(value, schema);
  });
  if (likely.length === 0)
    return (
      checkTelling(value, schemas, path, name, within) ?? [wrongKind(called(value), { anyOf: schemas }, path, name)]
    );
  return likely.reduce((best, each) => (each.length < best.length ? each : best));
}

/** For a map: what the field should be that tells the branches of a union apart. Null if there is no such field. */
function checkTelling(
  value: Json,
  schemas: readonly JsonSchema[],
  path: string,
  name: string,
  within: Check,
): Problem[] | null {
  if (kindOf(value) !== 'object') return null;
  const fields = schemas.map(({ properties }) => (properties ?? {}) as Record<string, JsonSchema>);
  const key = Object.keys(fields[0] ?? {}).find((each) => fields.every((inner) => 'const' in (inner[each] ?? {})));
  if (key === undefined) return null;
  const words = fields.map((inner) => inner[key]!.const);
  const telling = { properties: { [key]: { enum: words } }, required: [key] };
  return checkMap(value as Readonly<Record<string, Json>>, telling, path, name, within);
}

/** Whether the fields that tell the branches of a union apart have the branch's values. */
function sharesConstants(value: Json, schema: JsonSchema): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return !('const' in schema);
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).every(
    ([key, field]) => !('const' in field) || field.const === value[key],
  );
}

function checkText(value: string, schema: JsonSchema, path: string, name: string): Problem[] {
  const { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema as Record<string, never>;
  if (pattern === DURATION_PATTERN) {
    return parseDuration(value) === null
      ? [problem('bad-duration', path, `\`${name}\` is ${show(value)}, which is not a duration.`)]
      : [];
  }
  if (value.length < minLength)
    return [problem('bad-parameter', path, value === '' ? `\`${name}\` is empty.` : `\`${name}\` is too short.`)];
  if (value.length > maxLength)
    return [problem('bad-parameter', path, `\`${name}\` has more than ${maxLength} characters.`)];
  if (schema.format === RE2) return checkRe2(value, path, name);
  if (typeof pattern !== 'string' || value.length > MAX_MATCHED || matches(value, pattern)) return [];
  return [
    problem('bad-parameter', path, `\`${name}\` is ${show(value)}, which does not have the right form (${pattern}).`),
  ];
}

function checkRe2(value: string, path: string, name: string): Problem[] {
  try {
    compilePattern(value, 0);
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [problem('bad-parameter', path, `\`${name}\`: ${error.message}`)];
  }
}

function matches(value: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}

function checkNumber(value: number, schema: JsonSchema, path: string, name: string): Problem[] {
  const limits = schema as Record<string, number | undefined>;
  const says = (what: string): Problem[] => [problem('bad-parameter', path, `\`${name}\` is ${value}; ${what}.`)];
  if (limits.minimum !== undefined && value < limits.minimum) return says(`the least is ${limits.minimum}`);
  if (limits.maximum !== undefined && value > limits.maximum) return says(`the most is ${limits.maximum}`);
  if (limits.exclusiveMinimum !== undefined && value <= limits.exclusiveMinimum)
    return says(`it must be more than ${limits.exclusiveMinimum}`);
  if (limits.exclusiveMaximum !== undefined && value >= limits.exclusiveMaximum)
    return says(`it must be less than ${limits.exclusiveMaximum}`);
  if (limits.multipleOf !== undefined && !Number.isInteger(value / limits.multipleOf))
    return says(`it must be a multiple of ${limits.multipleOf}`);
  return [];
}

function checkList(value: readonly Json[], schema: JsonSchema, path: string, name: string, within: Check): Problem[] {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema as Record<string, number | undefined>;
  if (value.length < minItems)
    return [problem('bad-parameter', path, `\`${name}\` needs at least ${minItems} entries.`)];
  if (value.length > maxItems)
    return [problem('bad-parameter', path, `\`${name}\` takes at most ${maxItems} entries.`)];
  const first = (schema.prefixItems ?? []) as unknown[];
  return value.flatMap((item, index) =>
    check(item, first[index] ?? schema.items, `${path}/${index}`, `${name}[${index}]`, within),
  );
}

function checkMap(
  value: Readonly<Record<string, Json>>,
  schema: JsonSchema,
  path: string,
  name: string,
  within: Check,
): Problem[] {
  const problems: Problem[] = [];
  const properties = (schema.properties ?? {}) as Record<string, unknown>;
  const required = new Set((schema.required ?? []) as string[]);
  const field = (key: string) => [`${path}/${escapeSegment(key)}`, `${name}.${key}`] as const;
  const missing = new Set([...required].filter((key) => !Object.hasOwn(value, key)));
  for (const [key, inner] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key);
    const [innerPath, innerName] = field(key);
    if (!known && schema.additionalProperties === false) {
      const meant = foreignParameter(key, Object.keys(properties));
      problems.push(
        problem(
          'unknown-parameter',
          innerPath,
          `There is no \`${innerName}\`.${meant ? '' : didYouMean(key, Object.keys(properties))}`,
          meant,
        ),
      );
      continue;
    }
    const innerSchema = known ? properties[key] : schema.additionalProperties;
    // Null means "not given" if the schema does not allow null.
    const left = inner === null && innerSchema !== undefined && !accepts(innerSchema, 'null', within);
    if (left && required.has(key)) missing.add(key);
    else if (!left) problems.push(...check(inner, innerSchema, innerPath, innerName, within));
  }
  for (const key of missing)
    problems.push(problem('missing-parameter', field(key)[0], `\`${field(key)[1]}\` is missing.`));
  return problems;
}

const NAMES: Readonly<Record<string, string>> = {
  null: 'null',
  array: 'a list',
  object: 'a map',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
};

const called = (value: Json): string => (typeof value === 'object' ? NAMES[kindOf(value)]! : show(value));

function wrongKind(value: string, schema: JsonSchema, path: string, name: string): Problem {
  if (isCondition(schema)) return notACondition(value, path, name);
  const kinds = kindsOf(schema);
  return problem(
    'bad-parameter',
    path,
    `\`${name}\` is ${value}; it takes ${kinds.length > 0 ? kinds.join(' or ') : 'something else'}.`,
  );
}

/** The problem of a condition that is a constant, or a text with expressions in it: it fails each time it is read. */
const notACondition = (value: string, path: string, name: string): Problem =>
  problem(
    'type-mismatch',
    path,
    `\`${name}\` is ${value}, which is neither true nor false.`,
    'Write `true`, `false`, or an expression alone in its text, such as `"${{ input.amount > 100 }}"`.',
  );

function kindsOf(schema: JsonSchema): string[] {
  const branches = (schema.anyOf ?? schema.oneOf ?? []) as JsonSchema[];
  const own = [schema.type ?? []].flat().map((type) => NAMES[type as string] ?? String(type));
  const words = ('const' in schema ? [schema.const] : ((schema.enum ?? []) as unknown[])).map(
    (word) => `\`${String(word)}\``,
  );
  return [...new Set([...(words.length > 0 ? words : own), ...branches.flatMap(kindsOf)])].filter(
    (kind) => kind !== 'null',
  );
}

function show(value: Json): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
