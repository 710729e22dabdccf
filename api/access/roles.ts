import type { Permission } from './access.ts';

/** Roles within a workspace, the least powerful first. */
export type Role = 'viewer' | 'operator' | 'editor' | 'admin' | 'owner';

const VIEWER: readonly Permission[] = ['workflow:read', 'run:list', 'catalogue:read'];

const OPERATOR: readonly Permission[] = [
  ...VIEWER,
  'run:read-data',
  'run:start',
  'run:control',
  'run:decide',
  'event:send',
  'trigger:control',
  'variable:read',
  'connection:list',
  'prompt:read',
  'usage:read',
  'system:read',
];

/** Whoever has the address of a webhook can fire it without being asked who they are, also when they have left. */
const EDITOR: readonly Permission[] = [
  ...OPERATOR,
  'trigger:address',
  'workflow:write',
  'workflow:publish',
  'run:start-draft',
  'variable:write',
  'connection:use',
  'connection:write',
  'prompt:write',
];

/** Whoever writes graphs does not decide what they may spend. */
const ADMIN: readonly Permission[] = [...EDITOR, 'budget:write', 'workspace:write'];

/** What each role allows. */
export const ROLES: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(VIEWER),
  operator: new Set(OPERATOR),
  editor: new Set(EDITOR),
  admin: new Set(ADMIN),
  owner: new Set(ADMIN),
};
