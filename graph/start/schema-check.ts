import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { RE2JS } from 're2js';
import type { Json, JsonSchema } from '../json.ts';
import { createLru } from '../lru.ts';
import type { Problem } from '../problems/problem.ts';

/**
 * The problems of a value checked against a JSON Schema (2020-12); none if the value fits. Users write these schemas;
 * no value fits a schema that cannot be used.
 */
export function checkAgainst(schema: JsonSchema, value: Json): Problem[] {
  const unusable = schemaProblem(schema);
  if (unusable !== null)
    return [{ severity: 'error', code: 'bad-schema', path: '', message: `cannot be checked: ${unusable}` }];
  const validate = compiled(schema);
  return validate(value) ? [] : (validate.errors ?? []).slice(0, 50).map(problemOf);
}

/** Why a schema cannot be used, or null if it can. */
export function schemaProblem(schema: JsonSchema): string | null {
  try {
    compiled(schema);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 300) : 'It cannot be compiled.';
  }
}

const validators = createLru<ValidateFunction>(200);

function compiled(schema: JsonSchema): ValidateFunction {
  const text = JSON.stringify(schema);
  const known = validators.get(text);
  if (known) return known;
  // One ajv instance per schema, because ajv keeps every schema and the `$id`s of different users would collide. Schemas
  // are checked when a graph is validated; to check them here, too, each instance would first compile the meta-schema.
  const ajv = new Ajv2020({
    strict: false,
    validateSchema: false,
    ownProperties: true,
    code: { regExp: linearRegExp },
    logger: false,
  });
  formats.default(ajv);
  return validators.set(text, ajv.compile(schema));
}

/** RE2 instead of JavaScript's engine: a user's pattern takes linear time. Throws for look-around and back-references. */
function linearRegExp(pattern: string): { test(text: string): boolean; toString(): string } {
  const compiledPattern = RE2JS.compile(pattern);
  return {
    test: (text) => compiledPattern.matcher(text).find(),
    // By this text ajv tells patterns apart: without it, ajv would take every pattern for the first one it compiled.
    toString: () => pattern,
  };
}
// ajv writes this text only into code that it emits for stand-alone use.
linearRegExp.code = 'require("re2js")';

function problemOf({ instancePath, message, keyword, params }: ErrorObject): Problem {
  const extra =
    keyword === 'additionalProperties'
      ? `: "${params.additionalProperty}"`
      : keyword === 'enum'
        ? `: ${JSON.stringify(params.allowedValues).slice(0, 200)}`
        : '';
  return {
    severity: 'error',
    code: `schema-${keyword}`,
    path: instancePath,
    message: `${message ?? 'does not fit'}${extra}`,
  };
}
