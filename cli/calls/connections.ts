import type { Body } from '../../api/client-types.ts';
import type { JsonObject } from '../../graph/json.ts';
import { bodyOf, type Send } from '../request.ts';

/** The calls about connections, and what is loaded through them. All throw `CliError`. */
export function connectionCalls(send: Send) {
  return {
    setConnection: (name: string, body: Body<'PUT /api/connections/:name'>) =>
      bodyOf(send('PUT /api/connections/:name', { params: { name }, body })),
    connections: () => bodyOf(send('GET /api/connections')),
    connection: (name: string) => bodyOf(send('GET /api/connections/:name', { params: { name } })),
    /** Begins to connect it: somebody has to open the address. */
    connect: (name: string) => bodyOf(send('POST /api/connections/:name/connect', { params: { name } })),
    reconnect: (name: string) => bodyOf(send('POST /api/connections/:name/reconnect', { params: { name } })),
    revoke: (name: string) => bodyOf(send('POST /api/connections/:name/revoke', { params: { name } })),
    testConnection: (name: string) => bodyOf(send('POST /api/connections/:name/test', { params: { name } })),
    connectionUses: (name: string) => bodyOf(send('GET /api/connections/:name/uses', { params: { name } })),
    /** Replaces secrets. */
    rotateConnection: (name: string, data: JsonObject) =>
      bodyOf(send('POST /api/connections/:name/rotate', { params: { name }, body: { data } })),
    /** What a provider offers for a parameter of a node. */
    nodeOptions: (type: string, body: Body<'POST /api/node-types/:type/options'>) =>
      bodyOf(send('POST /api/node-types/:type/options', { params: { type }, body })),
    nodeFields: (type: string, body: Body<'POST /api/node-types/:type/fields'>) =>
      bodyOf(send('POST /api/node-types/:type/fields', { params: { type }, body })),
  };
}
