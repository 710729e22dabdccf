import { NodeError } from '../../error.ts';
import type { FailureTable } from '../../failures/failure-table.ts';

/** What providers answer that is no success: codes of JSON-RPC, beside the statuses of HTTP. */
export const errors: FailureTable = {
  provider: 'solana',
  codeAt: [],
  messageAt: ['error.message', 'message'],
  retryable: ['408', '429', '503'],
};

/** What a provider fails with: it cannot be reached, refuses the call or whoever calls, or answers what is no answer. */
const OF_PROVIDER = /^solana\.(rpc|answer|network|timeout|\d{3})$/;

/**
 * Whether an error is the fault of the provider that was asked, so that another one may do better. That it helps nothing to ask the
 * same one again, because a key has ended or a method is not served, says nothing about the others.
 */
export const isOfProvider = (error: unknown): error is NodeError =>
  error instanceof NodeError && (error.retryable || OF_PROVIDER.test(error.code));

/** The failure of several providers that says most: one with which it helps to try again, or else the last. */
export const tellingOf = (failures: readonly unknown[]): unknown =>
  failures.find((failure) => failure instanceof NodeError && failure.retryable) ?? failures.at(-1);
