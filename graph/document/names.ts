/** Ids of nodes and triggers, and names of ports. */
export const ID_PATTERN = '^[A-Za-z][A-Za-z0-9_]{0,63}$';

/** Names of workflows. */
export const SLUG_PATTERN = '^[a-z][a-z0-9-]{0,62}$';

/** Node and trigger types, optionally with a major version: `http.request`, `slack.sendMessage@2`, `if`. */
export const USES_PATTERN = '^[a-z][A-Za-z0-9]{0,63}(\\.[a-z][A-Za-z0-9]{0,63}){0,3}(@[1-9][0-9]{0,3})?$';

/** Links into a node: an id, or an id and a port. */
export const NEED_PATTERN = '^[A-Za-z][A-Za-z0-9_]{0,63}(\\.[A-Za-z][A-Za-z0-9_]{0,63})?$';

/** Words that mean a port, a body or an inline node and therefore cannot be ids. */
export const RESERVED_IDS: ReadonlySet<string> = new Set([
  'out',
  'error',
  'timeout',
  'catch',
  'finally',
  'compensate',
  'notify',
]);

const ID = new RegExp(ID_PATTERN);
const SLUG = new RegExp(SLUG_PATTERN);
const USES = new RegExp(USES_PATTERN);

/** Whether the text has the form of an id or port, as reserved words do, too. */
export const isId = (text: string): boolean => ID.test(text);

/** Whether the text has the form of a workflow's name. */
export const isSlug = (text: string): boolean => SLUG.test(text);

/** Whether the text has the form of a type in `uses`. */
export const isUses = (text: string): boolean => USES.test(text);

/**
 * Splits `uses` into type and major version (null if none is named).
 *
 * @example splitUses('slack.sendMessage@2') // { type: 'slack.sendMessage', major: 2 }
 */
export function splitUses(uses: string): { readonly type: string; readonly major: number | null } {
  const at = uses.indexOf('@');
  return at < 0 ? { type: uses, major: null } : { type: uses.slice(0, at), major: Number(uses.slice(at + 1)) };
}
