import type { AddressInfo } from 'node:net';
import { OAuth2Server } from 'oauth2-mock-server';

/** What the next answers of the token endpoint do instead of arriving. */
export type Fault =
  /** The work is done, and the answer is lost. */
  | 'lost'
  /** Nothing is done. */
  | 'unavailable'
  /** The access was revoked. */
  | 'revoked'
  /** The client is not known any more. */
  | 'client';

/** An authorization server whose refresh tokens rotate: a token that was used before ends the access. */
export interface RotatingServer {
  readonly url: string;
  /** The parameters of each request to the token endpoint, in order. */
  readonly asked: Record<string, string>[];
  /** Access tokens that the service accepts. */
  readonly accepted: Set<string>;
  /** Life of access tokens, in seconds. */
  life: number;
  /** How many times an old refresh token is accepted once more: a reuse window. */
  grace: number;
  readonly faults: Fault[];
  stop(): Promise<void>;
}

export async function startRotatingServer(): Promise<RotatingServer> {
  const server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  await server.start(0, '127.0.0.1');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  server.issuer.url = url;
  const state: RotatingServer = {
    url,
    asked: [],
    accepted: new Set(),
    life: 3_600,
    grace: 0,
    faults: [],
    stop: () => server.stop(),
  };
  /** By refresh token: the access that it belongs to. */
  const families = new Map<string, { current: string; before: string }>();
  let count = 0;
  server.service.on('beforeResponse', (response, request) => {
    const given = { ...(request as unknown as { body: Record<string, string> }).body };
    state.asked.push(given);
    const refuse = (error: string, status = 400) => {
      response.statusCode = status;
      response.body = { error, error_description: `It is ${error}, said of ${given.refresh_token ?? 'nothing'}` };
    };
    const fault = state.faults.shift();
    if (fault === 'unavailable') return refuse('temporarily_unavailable', 503);
    if (fault === 'revoked') return refuse('invalid_grant');
    if (fault === 'client') return refuse('invalid_client', 401);
    const old = given.refresh_token ?? '';
    const family = families.get(old) ?? { current: '', before: '' };
    if (given.grant_type === 'refresh_token' && old !== family.current) {
      if (old !== family.before || state.grace === 0) {
        family.current = 'none';
        return refuse('invalid_grant');
      }
      state.grace -= 1;
    }
    count += 1;
    const token = `CANARY-access-${count}`;
    state.accepted.add(token);
    const body: Record<string, unknown> = { access_token: token, token_type: 'Bearer', expires_in: state.life };
    if (given.grant_type !== 'client_credentials') {
      Object.assign(family, { before: old, current: `CANARY-refresh-${count}` });
      families.set(family.current, family);
      Object.assign(body, { refresh_token: family.current, scope: 'read write' });
    }
    response.body = body;
    if (fault === 'lost') (request as { socket: { destroy(): void } }).socket.destroy();
  });
  return state;
}
