import { divideUp } from '../../../graph/money.ts';

/** What a signature costs, in lamports. */
const SIGNATURE_FEE = 5_000n;

/** What the network takes for a transaction with one signature, in lamports; a price is in millionths of one. */
export const feeOf = (units: bigint, price: bigint): bigint => SIGNATURE_FEE + divideUp(units * price, 1_000_000n);
