import type { Json } from '../../../graph/json.ts';
import type { ListenContext, Listening } from '../../define-trigger.ts';
import { listenToSocket } from '../../network/guarded-socket.ts';
import { rpcAccess } from '../wallet/open-linked.ts';

/** Subscriptions of one socket. What else is watched is looked at by polls alone. */
const MOST = 100;

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
  return listenToSocket(network, websocket, {
    greetings,
    onMessage: (text) => {
      // Answers to the subscriptions themselves say nothing.
      if (text.includes('Notification"')) hint();
    },
  });
}
