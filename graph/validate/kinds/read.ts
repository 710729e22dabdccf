import { splitUses } from '../../document/names.ts';
import type { Graph } from '../../document/types.ts';
import type { JsonSchema } from '../../json.ts';
import { BUILTIN_TRIGGERS } from '../../node-types/builtin-triggers.ts';
import type { ValidationContext } from '../../node-types/context.ts';
import { outputOf } from '../../node-types/outputs.ts';
import { own } from '../../pointer.ts';
import { follow } from '../../schemas/schema-walk.ts';
import type { Scope } from '../places/places.ts';
import type { InputSchema } from './input-schema.ts';

/** Where an expression stands, and the graph it is in. */
export interface Site {
  readonly graph: Graph;
  readonly input: InputSchema;
  readonly context: ValidationContext;
  readonly scope: Scope;
  readonly path: string;
  /** Take variables to be of the kind of their defaults: only for warnings, because other values may be set. */
  readonly trustDefaults?: boolean;
}

const text: JsonSchema = { type: 'string' };
const record = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties,
  additionalProperties: false,
});

const RUN = record({ id: text, startedAt: text, workflow: text, version: { type: ['integer', 'null'] }, url: text });
const ERROR = record({
  code: text,
  message: text,
  step: text,
  node: text,
  attempts: { type: 'integer' },
  unknown: { type: 'boolean' },
  details: {},
  cause: {},
  undo: { type: ['array', 'null'] },
});
const RESUME = record({ url: text });

/** The fields of every trigger, whatever its type. */
const EVERY_TRIGGER: Readonly<Record<string, JsonSchema>> = {
  id: { type: ['string', 'null'] },
  uses: text,
  at: text,
  key: { type: ['string', 'null'] },
};

/** What the language knows about a name in scope before any run: a schema, and the rest of the path into it. */
export interface Read {
  readonly schema: JsonSchema;
  readonly path: readonly string[];
}

/** The schema of the value that a chain of names begins with; null if nothing is known about it. */
export function readOf(root: string, path: readonly string[], site: Site): Read | null {
  const [id = '', ...rest] = path;
  switch (root) {
    case 'run':
      return { schema: RUN, path };
    case 'error':
      return { schema: ERROR, path };
    case 'errors':
      return { schema: ERROR, path: rest };
    case 'resume':
      return { schema: RESUME, path };
    case 'now':
      return { schema: text, path };
    case 'index':
      return { schema: { type: 'integer' }, path };
    case 'trigger':
      return { schema: triggerSchema(site), path };
    case 'input': {
      // The `input` that a trigger reads has not been checked yet. That of an item of a batch is only a part of the run's.
      const isOther = site.path.startsWith('/triggers/') || site.path.startsWith('/batch/');
      const schema = isOther ? null : site.input.next();
      return schema === null ? null : { schema, path };
    }
    case 'nodes': {
      const node = site.scope.frames.map(({ at }) => own(at.body.nodes, id)).find((found) => found !== undefined);
      const schema = node === undefined ? null : outputOf(node, site.context.catalogue);
      return schema === null ? null : { schema, path: rest };
    }
  }
  return null;
}

/** The schemas that a read can lead to: none if there certainly is no such field, null if that is not known. */
export const schemasOf = ({ schema, path }: Read): readonly JsonSchema[] | null =>
  follow(schema, path, { root: schema, depth: 0 });

/** The schema of `trigger`: in a trigger's own fields, what that trigger provides; elsewhere, what any may provide. */
function triggerSchema({ graph, context, path }: Site): JsonSchema {
  const own = /^\/triggers\/([^/]+)\//.exec(path)?.[1];
  const triggers = Object.entries(graph.triggers ?? {}).filter(([id]) => own === undefined || id === own);
  const types = [...triggers.map(([, { uses }]) => splitUses(uses).type), ...(own === undefined ? ['call'] : [])];
  const fields: Record<string, JsonSchema> = { ...EVERY_TRIGGER };
  for (const type of types) {
    const brings = (BUILTIN_TRIGGERS.get(type) ?? context.catalogue.triggers?.get(type))?.brings;
    if (brings === undefined) return { type: 'object' };
    Object.assign(fields, brings);
  }
  return record(fields);
}
