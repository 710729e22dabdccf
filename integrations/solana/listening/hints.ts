import type { Json } from '../../../graph/json.ts';
import type { ListenContext, Listening } from '../../define-trigger.ts';
import { listenToSocket } from '../../network/guarded-socket.ts';
import { rpcAccess } from '../wallet/open-linked.ts';

/** Subscriptions of one socket. What else is watched is looked at by polls alone. */
const MOST = 100;

/**
 * What happens between a look and the subscription is told by nobody, so the watch looks once more when all are made: a moment
 * later, so that a provider which cuts each socket at once makes no watch look all the time.
 */
const SETTLED_MS = 2_000;

/** Something that a provider can tell of. */
export interface Subscription {
  readonly method: 'logsSubscribe' | 'accountSubscribe';
  readonly params: readonly Json[];
}

/** Transactions that mention an address. */
export const mentions = (address: string, commitment: 'confirmed' | 'finalized'): Subscription => ({
  method: 'logsSubscribe',
  params: [{ mentions: [address] }, { commitment }],
});

/** The content of an account. */
export const contentOf = (address: string): Subscription => ({
  method: 'accountSubscribe',
  // Only that something has changed is of interest.
  params: [address, { encoding: 'base64', commitment: 'finalized' }],
});

/** Subscribes with the provider's WebSocket, if the connection names one. */
export function subscribe(
  { connection, network }: ListenContext,
  { to, hint }: { readonly to: readonly Subscription[]; readonly hint: () => void },
): Listening | null {
  const { websocket } = rpcAccess(connection);
  if (websocket === undefined) return null;
  const greetings = to
    .slice(0, MOST)
    .map(({ method, params }, id) => JSON.stringify({ jsonrpc: '2.0', id, method, params }));
  let unanswered = greetings.length;
  let settled: NodeJS.Timeout | undefined;
  const socket = listenToSocket(network, websocket, {
    greetings,
    onMessage: (text) => {
      if (text.includes('Notification"')) return hint();
      unanswered -= 1;
      if (unanswered === 0) settled = setTimeout(hint, SETTLED_MS).unref();
    },
  });
  void socket.ended.then(() => clearTimeout(settled));
  return socket;
}
