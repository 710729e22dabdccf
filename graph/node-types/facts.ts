import type { Catalogue, NodeFacts } from '../catalogue.ts';
import { splitUses } from '../document/names.ts';

/** Major version of a semantic version. */
export const majorOf = (version: string): number => Number.parseInt(version, 10);

/**
 * Facts of the catalogue for a `uses`: by `type@major` if the catalogue lists that old major version, else by type if
 * its version has that major version.
 */
export function findFacts(catalogue: Catalogue, uses: string): NodeFacts | undefined {
  const { type, major } = splitUses(uses);
  if (major === null) return catalogue.get(type);
  const facts = catalogue.get(uses) ?? catalogue.get(type);
  return facts !== undefined && majorOf(facts.version) === major ? facts : undefined;
}
