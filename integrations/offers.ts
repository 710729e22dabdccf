import { allProviders } from './catalog.ts';
import type { Offers } from './choices/types.ts';

/** What a node type offers an author who fills it in, by its name in graphs: the newest version of it; null: there is none. */
export function offersOf(type: string): (Offers & { readonly connection: readonly string[] | null }) | null {
  const node = allProviders()
    .flatMap(({ nodes }) => nodes)
    .findLast((one) => one.type === type);
  if (!node) return null;
  const { options, fields, connection } = node;
  return {
    type,
    ...(options && { options }),
    ...(fields && { fields }),
    connection: connection ? [connection.type].flat() : null,
  };
}
