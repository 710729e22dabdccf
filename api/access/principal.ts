import type { Access } from './access.ts';
import { ROLES, type Role } from './roles.ts';

/** Who sends a request. */
export interface Principal {
  /** What is written down as the author of a change. */
  readonly id: string;
  readonly role: Role;
}

/** Whoever reaches the server, as long as there are no accounts: the owner of the machine. */
export const LOCAL_OWNER: Principal = { id: 'owner', role: 'owner' };

/** Whether a principal may use a route. */
export const mayUse = (principal: Principal, access: Access): boolean =>
  'public' in access || ROLES[principal.role].has(access.permission);
