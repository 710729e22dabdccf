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
];

const EDITOR: readonly Permission[] = [
  ...OPERATOR,
  'workflow:write',
  'workflow:publish',
  'run:start-draft',
  'variable:write',
  'connection:use',
  'connection:write',
];

/** What each role allows. */
export const ROLES: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(VIEWER),
  operator: new Set(OPERATOR),
  editor: new Set(EDITOR),
  admin: new Set(EDITOR),
  owner: new Set(EDITOR),
};
