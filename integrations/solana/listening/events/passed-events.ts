import { programAddressOf } from '../../chain/library.ts';
import type { DecodedInstruction } from '../../chain/transactions/decoded.ts';

/** An event that a program has passed to itself in a call. */
export interface PassedEvent {
  /** The place of the call among all instructions of the transaction: it tells events apart. */
  readonly index: number;
  readonly data: Buffer;
}

/** With this the data of such a call begins (`EVENT_IX_TAG_LE` of Anchor). */
export const EVENT_TAG = Buffer.from('e445a52e51cb9a1d', 'hex');

/** The account that signs such calls of a program. Nobody but the program itself can let it sign. */
export const eventAuthorityOf = (program: string): Promise<string> =>
  programAddressOf({ seeds: [Buffer.from('__event_authority')], program });

/**
 * The events that a program has passed to itself, as `emit_cpi!` of Anchor does. The call must have the authority as its only
 * account, and come from the program, if the provider says how deep calls were.
 */
export function passedEvents(
  instructions: readonly DecodedInstruction[],
  { program, authority }: { readonly program: string; readonly authority: string },
): PassedEvent[] {
  return instructions.flatMap((one, index) => {
    const data = Buffer.from(one.data, 'base64');
    const isOne =
      one.inner &&
      one.program === program &&
      one.accounts.length === 1 &&
      one.accounts[0] === authority &&
      data.subarray(0, EVENT_TAG.length).equals(EVENT_TAG) &&
      (one.depth === null || callerOf(instructions.slice(0, index), one.depth)?.program === program);
    return isOne ? [{ index, data: data.subarray(EVENT_TAG.length) }] : [];
  });
}

/** Who made a call: the last instruction before it that was one level higher. */
const callerOf = (before: readonly DecodedInstruction[], depth: number): DecodedInstruction | undefined =>
  before.findLast((one) => one.depth === depth - 1);
