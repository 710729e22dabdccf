import type { Json } from '../graph/json.ts';
import type { Send } from './request.ts';
import type { ConnectionSummary, ConnectionTest, ConnectionUse, ConnectionVisit, Reconnected } from './wire.ts';

/** The calls about one connection. All throw `CliError`. */
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
    /** Replaces secrets. */
    rotateConnection: (name: string, data: Json) => call<ConnectionSummary>('POST', name, '/rotate', { data }),
  };
}
