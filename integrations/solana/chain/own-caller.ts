import type { ConnectionTestContext } from '../../define-connection.ts';
import { guardedFetch } from '../../network/guarded-fetch.ts';
import type { Caller } from './json-rpc.ts';

/** What calls need where there is no step: when a connection is tested, or asked what it holds. */
export const ownCaller = ({ network, signal }: Pick<ConnectionTestContext, 'network' | 'signal'>): Caller => ({
  fetch: guardedFetch(network, signal),
  signal,
  excerpt: (text, length) => text.slice(0, length),
});
