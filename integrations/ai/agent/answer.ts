import type { Json, JsonSchema } from '../../../graph/json.ts';
import { withoutFiller } from '../../models/filler.ts';
import type { ModelAnswer } from '../../models/port.ts';
import { misfits } from '../model/misfits.ts';
import { readJson } from '../model/read-json.ts';

/** A final answer, or what is wrong with it. */
export type Final = { readonly output: Json } | { readonly wrong: string };

/** The final answer: a text, or data of the author's schema. */
export function finalAnswer({ text }: Pick<ModelAnswer, 'text'>, schema: JsonSchema | undefined): Final {
  if (schema === undefined) return { output: text };
  const read = readJson(text);
  if ('problem' in read) return { wrong: read.problem };
  const output = withoutFiller(read.value, schema);
  const [misfit] = misfits(schema, output);
  return misfit ? { wrong: `${misfit.path === '' ? 'the value' : misfit.path} ${misfit.message}` } : { output };
}
