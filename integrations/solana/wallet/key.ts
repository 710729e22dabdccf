import { NodeError } from '../../error.ts';
import type { Keypair } from './keypair.ts';

/** A key that signs for one address, wherever it is kept. */
export interface WalletKey {
  readonly address: string;
  /**
   * Signs bytes, before the signal is aborted or not at all.
   *
   * @throws NodeError `solana.signature` if what came back is no signature of this address; what the service refuses
   */
  sign(message: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
  /** A text of 32 characters that only the holder of the key can know, the same for the same name. */
  derive(name: string): Promise<string>;
}

/** A key that is kept in this process. */
export const heldKey = ({ address, sign, derive }: Keypair): WalletKey => ({
  address,
  sign: async (message, signal) => {
    if (signal.aborted) throw late();
    return sign(message);
  },
  derive: async (name) => derive(name),
});

const late = (): NodeError => new NodeError('solana.late', 'It took too long to sign.', { retryable: true });
