import type { ValidationContext } from '../../node-types/context.ts';
import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { schemaProblem } from '../../schemas/check/index.ts';
import { PARTS, PARTS_IN_LISTS, PARTS_IN_MAPS } from '../../schemas/keywords.ts';
import { plainFields } from './plain-fields.ts';

const TYPES = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];
const NUMBERS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const COUNTS = [
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
  ...['minContains', 'maxContains'],
];
const FLAGS = ['uniqueItems', 'deprecated', 'readOnly', 'writeOnly'];
const TEXTS = [
  'title',
  'description',
  'format',
  '$ref',
  '$id',
  '$schema',
  '$comment',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  'contentEncoding',
  'contentMediaType',
];

/** Checks that a value of the document (`input`, the `form` of an approval) is a usable JSON Schema. */
export function checkSchema(schema: unknown, path: string, { schemaFuel }: ValidationContext): Problem[] {
  const problems = checkJsonSchema(schema, path);
  if (problems.length > 0 || !isMap(schema)) return problems;
  const found = schemaProblem(schema, schemaFuel);
  return found === null ? [] : [problem(found.code, path + found.path, `The schema cannot be used: ${found.message}.`)];
}

/** Checks the usual keywords of a JSON Schema and reports each problem at its own place. */
export function checkJsonSchema(schema: unknown, path: string, inner = false): Problem[] {
  if (typeof schema === 'boolean') return [];
  if (!isMap(schema)) return [problem('bad-schema', path, 'A JSON Schema is a map, or true or false.')];
  const plain = plainFields(schema, path, inner);
  if (plain !== null) return [plain];
  const problems: Problem[] = [];
  const says = (key: string, what: string): unknown =>
    problems.push(problem('bad-schema', `${path}/${escapeSegment(key)}`, `\`${key}\` ${what}.`));
  for (const [key, value] of Object.entries(schema)) {
    const at = `${path}/${escapeSegment(key)}`;
    if (key === 'type' && !isTypes(value)) says(key, `must be among ${TYPES.join(', ')}`);
    else if (PARTS_IN_MAPS.has(key)) {
      if (!isMap(value)) says(key, 'must be a map of schemas');
      else
        for (const [name, each] of Object.entries(value))
          problems.push(...checkJsonSchema(each, `${at}/${escapeSegment(name)}`, true));
    } else if (PARTS_IN_LISTS.has(key)) {
      if (!Array.isArray(value) || value.length === 0) says(key, 'must be a list of schemas');
      else problems.push(...value.flatMap((each, index) => checkJsonSchema(each, `${at}/${index}`, true)));
    } else if (PARTS.has(key)) problems.push(...checkJsonSchema(value, at, true));
    else if (key === 'required' && !isTexts(value)) says(key, 'must be a list of names');
    else if (key === 'enum' && !Array.isArray(value)) says(key, 'must be a list');
    else if (key === 'dependentRequired' && !(isMap(value) && Object.values(value).every(isTexts)))
      says(key, 'must be a map of lists of names');
    else if (key === '$async') says(key, 'is not supported: a value is checked at once');
    else if (key === 'multipleOf' && !(typeof value === 'number' && value > 0)) says(key, 'must be a number above 0');
    else if (NUMBERS.includes(key) && typeof value !== 'number') says(key, 'must be a number');
    else if (FLAGS.includes(key) && typeof value !== 'boolean') says(key, 'must be true or false');
    else if (COUNTS.includes(key) && !(Number.isInteger(value) && (value as number) >= 0))
      says(key, 'must be a whole number from 0');
    else if (TEXTS.includes(key) && typeof value !== 'string') says(key, 'must be a text');
    else if (key === 'pattern' && !isPattern(value)) says(key, 'must be a regular expression');
  }
  return problems;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const isTypes = (value: unknown): boolean =>
  [value].flat().length > 0 && [value].flat().every((type) => TYPES.includes(type as string));
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string');

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    new RegExp(value, 'u');
    return true;
  } catch {
    return false;
  }
}
