import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { DrawnRequest } from './draw-request.ts';

/** Longest time that an answer may take. */
const LIMIT_MS = 20_000;

/** What an operation may answer. */
interface Answers {
  readonly [status: string]: { readonly content?: Readonly<Record<string, { readonly schema?: object }>> };
}

/** Says what is wrong with an answer; null: nothing. */
export type CheckAnswer = (request: DrawnRequest, answer: Response, ms: number) => Promise<string | null>;

/** Compares answers with an OpenAPI document. */
export function answerChecker(document: object): CheckAnswer {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'api');
  const validators = new Map<string, ValidateFunction>();
  const { paths } = document as { paths: Record<string, Record<string, { responses: Answers }>> };
  const validatorOf = (pointer: string): ValidateFunction => {
    const known = validators.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    validators.set(pointer, known);
    return known;
  };
  return async ({ operation: { path, method } }, answer, ms) => {
    const verb = method.toLowerCase();
    const text = await answer.text();
    if (ms > LIMIT_MS) return `took ${Math.round(ms)} ms`;
    if (answer.status >= 500) return `${answer.status}: ${text.slice(0, 300)}`;
    const described = paths[path]![verb]!.responses[answer.status];
    if (!described) return `answers ${answer.status}, which is not described: ${text.slice(0, 200)}`;
    const type = (answer.headers.get('content-type') ?? '').split(';')[0]!;
    const content = described.content?.[type];
    if (!content) return text === '' ? null : `answers ${answer.status} as ${type}, which is not described`;
    if (!type.includes('json')) return null;
    const validate = validatorOf(
      `/paths/${escaped(path)}/${verb}/responses/${answer.status}/content/${escaped(type)}/schema`,
    );
    if (validate(JSON.parse(text))) return null;
    const [first] = validate.errors ?? [];
    return `breaks its schema at ${first?.instancePath} (${first?.schemaPath}): ${first?.message}`;
  };
}

/** A part of a JSON Pointer in a fragment of a URI. */
const escaped = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
