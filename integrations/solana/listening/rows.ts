import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import type { RpcCall } from '../chain/json-rpc.ts';
import type { Commitment } from '../chain/port.ts';
import { big, field, list, misshapen, optional, text } from '../chain/values.ts';
import { askOne, type Line } from './line.ts';

/** A transaction, as the history of an address lists it. */
export interface Row {
  readonly slot: number;
  readonly signature: string;
  readonly failed: boolean;
}

/** Most rows of one page, by the documents of the method. */
export const PAGE = 1_000;

/** Which part of the history of an address is wanted: the newest rows, or those before one, down to another one. */
export interface PageOf {
  readonly address: string;
  readonly before?: string | undefined;
  readonly until?: string | undefined;
  readonly limit?: number;
  readonly commitment: Commitment;
  /** A slot that the provider must have reached, or it refuses. */
  readonly atLeast: number;
}

/** The call that asks for a page. */
export const pageCall = ({ address, before, until, limit = PAGE, commitment, atLeast }: PageOf): RpcCall => ({
  method: 'getSignaturesForAddress',
  params: [
    address,
    {
      limit,
      // The method knows no weaker one.
      commitment: commitment === 'processed' ? 'confirmed' : commitment,
      ...(before !== undefined && { before }),
      ...(until !== undefined && { until }),
      ...(atLeast > 0 && { minContextSlot: atLeast }),
    },
  ],
});

/** Rows of an answer, the newest first. @throws NodeError what the call was refused with, or `solana.answer` */
export function readRows(answer: Json | NodeError | undefined): Row[] {
  if (answer instanceof NodeError) throw answer;
  return list(answer ?? null).map((one) => ({
    slot: slotOf(field(one, 'slot')),
    signature: text(field(one, 'signature')),
    failed: optional(one, 'err') !== null,
  }));
}

/** A page of an address's history, the newest row first. */
export const pageOf = async (line: Line, wanted: PageOf): Promise<Row[]> =>
  readRows(await askOne(line, pageCall(wanted)));

/** A slot. They are counted since 2020, so a number holds each. */
export function slotOf(value: Json): number {
  const slot = Number(big(value));
  if (!Number.isSafeInteger(slot)) throw misshapen('a slot');
  return slot;
}
