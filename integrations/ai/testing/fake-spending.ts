import type { CallCost, ModelUsage, PlannedCall, Spending } from '../../spending.ts';

/** What became of a reservation. */
export interface FakeReservation {
  readonly planned: PlannedCall;
  end: 'open' | 'settled' | 'released' | 'unknown';
  began: string[];
  usage: ModelUsage | null;
  id: string | null;
}

/** Accounts in memory: a token of output costs a tenth of a cent, everything else nothing. */
export function fakeSpending(): { readonly spending: Spending; readonly reservations: FakeReservation[] } {
  const reservations: FakeReservation[] = [];
  const reserve = async (planned: PlannedCall) => {
    const reservation: FakeReservation = { planned, end: 'open', began: [], usage: null, id: null };
    reservations.push(reservation);
    return {
      began: async (id: string) => void reservation.began.push(id),
      settle: async ({ usage, id }: { usage: ModelUsage; id: string | null }): Promise<CallCost> => {
        Object.assign(reservation, { end: 'settled', usage, id });
        return { usage, cost: (usage.output / 1_000).toFixed(3) };
      },
      release: async () => void Object.assign(reservation, { end: 'released' }),
      unknown: async () => void Object.assign(reservation, { end: 'unknown' }),
    };
  };
  return { spending: { reserve }, reservations };
}
