/** An account of a call, as authors write it. `wallet` stands for the address of the wallet. */
export interface CalledAccount {
  readonly address: string;
  readonly signer: boolean;
  readonly writable: boolean;
}

/** How authors write the address of the wallet. */
export const WALLET = 'wallet';
