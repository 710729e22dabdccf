import type { Json, JsonObject } from '../graph/json.ts';
import type { Send } from './request.ts';
import type {
  ConnectionSummary,
  ConnectionTest,
  ConnectionUse,
  ConnectionVisit,
  OptionsPage,
  Reconnected,
} from './wire.ts';

/** A node as far as an author has filled it in. */
interface FilledIn {
  readonly connection?: string;
  readonly with?: JsonObject;
}

/** The calls about connections, and what is loaded through them. All throw `CliError`. */
export function connectionCalls(send: Send) {
  const call = async <T>(method: string, name: string, verb: string, content?: unknown): Promise<T> => {
    const path = `/connections/${encodeURIComponent(name)}${verb}`;
    return (await send<T>(method, path, content === undefined ? {} : { body: content })).body;
  };
  return {
    connection: (name: string) => call<ConnectionSummary>('GET', name, ''),
    /** Begins to connect it: somebody has to open the address. */
    connect: (name: string) => call<ConnectionVisit>('POST', name, '/connect'),
    reconnect: (name: string) => call<Reconnected>('POST', name, '/reconnect'),
    revoke: (name: string) => call<{ atService: boolean; message: string | null }>('POST', name, '/revoke'),
    testConnection: (name: string) => call<ConnectionTest>('POST', name, '/test'),
    connectionUses: (name: string) => call<{ items: ConnectionUse[]; complete: boolean }>('GET', name, '/uses'),
    /** What a provider offers for a parameter of a node. */
    nodeOptions: async (type: string, content: { parameter: string; search: string } & FilledIn) =>
      (await send<OptionsPage>('POST', `/node-types/${encodeURIComponent(type)}/options`, { body: content })).body,
    nodeFields: async (type: string, content: FilledIn) =>
      (await send<{ schema: Json }>('POST', `/node-types/${encodeURIComponent(type)}/fields`, { body: content })).body,
    /** Replaces secrets. */
    rotateConnection: (name: string, data: Json) => call<ConnectionSummary>('POST', name, '/rotate', { data }),
  };
}
