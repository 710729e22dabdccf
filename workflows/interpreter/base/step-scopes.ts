import { Scope } from './scope.ts';

/** How many steps use a scope, one after the other. The SDK remembers each of them as long as the scope lives. */
const USES = 32;

/**
 * Scopes of single steps. A scope costs as many promises as half a step does, so it is used again once its step has
 * ended: what the SDK remembers of an ended step does nothing when the scope is cancelled.
 */
export interface StepScopes {
  readonly free: Scope[];
  readonly uses: WeakMap<Scope, number>;
}

export const newStepScopes = (): StepScopes => ({ free: [], uses: new WeakMap() });

/** A scope in which nothing is going on. */
export function takeScope({ free, uses }: StepScopes, parent: Scope): Scope {
  const scope = free.pop() ?? new Scope({ cancellable: true, parent });
  uses.set(scope, (uses.get(scope) ?? 0) + 1);
  return scope;
}

/** Gives a scope back in which nothing goes on any more. */
export function giveScopeBack({ free, uses }: StepScopes, scope: Scope): void {
  const used = uses.get(scope);
  if (used !== undefined && used < USES && !scope.consideredCancelled) free.push(scope);
}
