import { type CapturedRow, type CaptureTerms, MOST_CAPTURED } from '../../db/index.ts';
import type { HeldCall } from '../hooks/held-call.ts';

/** A capture as the API shows it. */
export function presentCapture(rows: readonly CapturedRow[], address: string | null) {
  const { expiresAt } = rows[0]!;
  // Refused calls have places of their own: the capture goes on until the others are taken.
  const wanted = rows.filter(({ seq }) => seq <= MOST_CAPTURED);
  const free = wanted.find(({ at }) => at === null);
  const open = free !== undefined && Date.parse(expiresAt) > Date.now();
  return {
    open,
    next: wanted.length,
    instead: open ? (free.request as CaptureTerms).instead : null,
    expiresAt,
    address,
    calls: rows
      .flatMap((row) => (row.at === null ? [] : [presentCall({ ...row, at: row.at })]))
      .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)),
  };
}

function presentCall({ seq, at, request }: CapturedRow & { at: string }) {
  const { fields, ...call } = heldCall(request);
  const { method, path, params, query, headers, body } = fields;
  return { seq, at, ...call, method, path, params, query, headers, body };
}

/** What is held in a place that is taken. */
export const heldCall = (request: CapturedRow['request']): HeldCall => request as unknown as HeldCall;
