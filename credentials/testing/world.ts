import { afterAll, beforeAll } from 'vitest';
import { type Database, openDatabase, putConnection } from '../../db/index.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import { findConnectionType } from '../../integrations/index.ts';
import { createNetwork } from '../../integrations/network/network.ts';
import { beginVisit, type CredentialDeps, createCredentials, endVisit, pageOf, prepare } from '../index.ts';
import { KEYRING } from './keyring.ts';
import { type RotatingServer, startRotatingServer } from './rotating-server.ts';

export { KEYRING };

const PUBLIC_URL = 'http://127.0.0.1:4400';

/** A workspace with connections, an authorization server, and processes that open connections. */
export function useCredentials() {
  const store = useDatabase();
  const opened: Database[] = [];
  const network = createNetwork({ allow: ['127.0.0.0/8'] });
  let server: RotatingServer;
  let clock = 0;
  beforeAll(async () => {
    server = await startRotatingServer();
  });
  afterAll(async () => {
    await server?.stop();
    await network.close();
    for (const database of opened) await database.close();
  });

  /** What a process of its own would open connections with. */
  const process = (): CredentialDeps => {
    const database = openDatabase(store.url(), { max: 5 });
    opened.push(database);
    return { database, keyring: KEYRING, network, findType: findConnectionType, now: () => Date.now() + clock };
  };

  const put = async (name: string, data: object = {}, hosts = ['127.0.0.1']) => {
    const type = findConnectionType('oauth2')!;
    const fields = type.fields.parse({
      authorizeUrl: `${server.url}/authorize`,
      tokenUrl: `${server.url}/token`,
      clientId: 'blok',
      clientSecret: 'CANARY-client-secret',
      scopes: 'read write',
      ...data,
    }) as Record<string, unknown>;
    await store.inside(async (tx) => {
      await putConnection(tx, { name, type: 'oauth2', data: fields, hosts, keyring: KEYRING });
      await prepare(tx, type, { name, data: fields, hosts });
    });
  };

  /** Goes to the page of the service as a browser does. @returns what came back */
  const visit = async (deps: CredentialDeps, name: string) => {
    const { ticket } = await beginVisit(deps, { workspace: 'a', name, publicUrl: PUBLIC_URL });
    const { address } = await pageOf(deps, { workspace: 'a', ticket, publicUrl: PUBLIC_URL });
    const answer = await fetch(address, { redirect: 'manual' });
    const back = new URL(answer.headers.get('location')!);
    const named = decodeURIComponent(back.pathname.split('/').at(-1)!);
    return { ticket, address: new URL(address), parameters: back.searchParams, server: named };
  };

  /** Connects a connection, as a person would. */
  const connect = async (deps: CredentialDeps, name: string) => {
    const { ticket, parameters, server: named } = await visit(deps, name);
    const tickets = [ticket];
    return endVisit(deps, { workspace: 'a', server: named, tickets, parameters, publicUrl: PUBLIC_URL });
  };

  return {
    store,
    server: () => server,
    process,
    credentials: (deps = process()) => createCredentials(deps),
    put,
    visit,
    connect,
    publicUrl: PUBLIC_URL,
    /** How much later it is for the processes than it is. */
    clockMs: () => clock,
    /** Lets time pass for the processes. */
    pass: (seconds: number) => {
      clock += seconds * 1000;
    },
    at: (name: string) => ({ workspace: 'a', name }),
  };
}
