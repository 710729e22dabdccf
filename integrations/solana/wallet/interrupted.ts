import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';

/** Somebody else has ended the payment meanwhile. The step comes again, and finds in the ledger how. */
export const interrupted = (message: string, details?: Json): NodeError =>
  new NodeError('solana.interrupted', message, { retryable: true, ...(details !== undefined && { details }) });
