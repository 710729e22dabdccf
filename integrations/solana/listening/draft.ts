import { type Backlog, type Early, type Mark, nameOf, type Place, type TokenAccounts } from './place.ts';

/** A place that a look moves on. */
export interface Draft {
  readonly chain: string;
  tip: number;
  next: number;
  isPending: boolean;
  readonly marks: Record<string, Mark>;
  readonly backlogs: Record<string, Backlog>;
  readonly tokens: Record<string, TokenAccounts>;
  readonly early: Record<string, Early>;
  readonly missing: Record<string, number>;
}

/** A watched address with its token accounts; the address itself is the first account. */
export interface Group {
  readonly address: string;
  readonly accounts: readonly string[];
}

/**
 * A draft of where a watch is. Addresses that are new to it begin at its tip, so that a new version of a graph can add
 * some; those that are not watched any more are forgotten.
 *
 * @param start where an address begins that nobody has watched: a slot
 */
export function draftOf(place: Place, addresses: readonly string[], start: number): Draft {
  const tokens = pick(place.tokens, addresses.map(nameOf));
  const accounts = Object.values(tokens).flatMap((known) => [...known.accounts, ...known.closed]);
  const names = [...addresses, ...accounts].map(nameOf);
  const marks = pick(place.marks, names);
  for (const address of addresses) marks[nameOf(address)] ??= [start, '', ''];
  return {
    ...{ chain: place.chain, tip: place.tip, next: place.next < addresses.length ? place.next : 0 },
    isPending: place.isPending === true,
    ...{
      marks,
      backlogs: pick(place.backlogs, names),
      tokens,
      early: { ...place.early },
      missing: { ...place.missing },
    },
  };
}

const pick = <T>(from: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));

/** The place that a draft has become. */
export const placeOf = ({ missing, early, isPending, ...draft }: Draft): Place => ({
  ...draft,
  ...(isPending && { isPending }),
  ...(Object.keys(missing).length > 0 && { missing }),
  ...(Object.keys(early).length > 0 && { early }),
});

/** The group of an address. */
export function groupOf({ tokens }: Draft, address: string): Group {
  const known = tokens[nameOf(address)];
  return { address, accounts: [...new Set([address, ...(known?.accounts ?? []), ...(known?.closed ?? [])])] };
}

/** Notes token accounts of an address. New ones begin where the accounts were last known to be complete. */
export function noteTokens(
  draft: Draft,
  address: string,
  { listed, since }: { listed: TokenAccounts; since: number },
): void {
  draft.tokens[nameOf(address)] = listed;
  for (const account of listed.accounts) draft.marks[nameOf(account)] ??= [since, '', ''];
}

/** Sets where an account is. */
export function setAccount(draft: Draft, account: string, { mark, backlog }: { mark: Mark; backlog: Backlog }): void {
  const name = nameOf(account);
  draft.marks[name] = mark;
  if (backlog.length > 0) draft.backlogs[name] = backlog;
  else delete draft.backlogs[name];
}
