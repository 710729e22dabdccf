import { z } from 'zod';
import { jsonSchema } from '../../integrations/describe.ts';
import { connectionTypes } from '../../integrations/index.ts';
import { defineRoute } from '../http/route.ts';

const connectionType = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    description: z.string(),
    fields: z.record(z.string(), z.unknown()).describe('JSON Schema of its data.'),
    secretFields: z.array(z.string()).describe('Fields that are never shown again.'),
  })
  .meta({ id: 'ConnectionType' });

/** Every type of connection, by type, with what a form needs. */
const listConnectionTypes = () =>
  connectionTypes()
    .map(({ type, title, description, fields, secretFields }) => ({
      ...{ type, title, description, secretFields },
      fields: jsonSchema(fields, 'input'),
    }))
    .sort((a, b) => (a.type < b.type ? -1 : 1));

export const connectionTypeRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/connection-types',
    id: 'listConnectionTypes',
    access: { permission: 'catalogue:read', of: 'catalogue' },
    summary: 'Lists the types of connections, with the JSON Schema of their fields.',
    responses: { 200: { description: 'All of them, by type.', schema: z.object({ items: z.array(connectionType) }) } },
    problems: [],
    handle: async () => ({ status: 200, body: { items: listConnectionTypes() } }),
  }),
] as const;
