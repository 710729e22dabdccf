import { z } from 'zod';
import { suiteSchema } from '../../graph/cases/schema.ts';

/** The published JSON Schema of graph tests, `docs/blok-test.schema.json`, with which editors complete and check them. */
export function testSchemaJson(): string {
  const { $schema, ...rest } = z.toJSONSchema(suiteSchema, { io: 'input' });
  return `${JSON.stringify({ $schema, title: 'Tests of a Blok graph', ...rest }, null, 2)}\n`;
}
