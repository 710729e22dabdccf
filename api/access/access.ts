/** What somebody may be allowed to do. Which role allows what: `roles.ts`. */
export type Permission =
  | 'workflow:read'
  | 'workflow:write'
  | 'workflow:publish'
  | 'run:list'
  | 'run:read-data'
  | 'run:start'
  | 'run:start-draft'
  | 'run:control'
  | 'run:decide'
  | 'event:send'
  | 'trigger:control'
  | 'trigger:address'
  | 'variable:read'
  | 'variable:write'
  | 'connection:list'
  | 'connection:use'
  | 'connection:write'
  | 'prompt:read'
  | 'prompt:write'
  | 'usage:read'
  | 'budget:write'
  | 'workspace:write'
  | 'catalogue:read'
  | 'system:read';

/** The kind of thing that a permission is about. */
export type Resource =
  | 'workflow'
  | 'run'
  | 'event'
  | 'trigger'
  | 'variable'
  | 'connection'
  | 'file'
  | 'prompt'
  | 'usage'
  | 'budget'
  | 'workspace'
  | 'catalogue'
  | 'system';

/** Who may use a route: whoever holds a permission, or everybody, for a reason that a reader can judge. */
export type Access =
  | {
      readonly permission: Permission;
      /** What the route gives access to. */
      readonly of: Resource;
    }
  | {
      /** Why the route needs no permission: what else decides, or why there is nothing to protect. */
      readonly public: string;
    };
