import type { Bus } from './bus.ts';

/** Says who follows what. */
const FOLLOWED = 'followed';

/** How often whoever follows something says so. */
export const SAY_EVERY_MS = 5_000;

/** How long a follower counts that has not said anything more: it may be starting again. */
const BELIEVED_MS = 30_000;

/** Most runs and workspaces that are known as followed, because each costs memory. */
const MOST = 10_000;

/** What is told to those who follow the changes of a workspace: that there are some. */
export const changesTopic = (workspace: string): string => `changes/${workspace}`;

/** Says that the changes of a workspace are followed, or all that happens in a run. */
export function sayFollowed(bus: Bus, workspace: string, runId?: string): void {
  bus.publish(FOLLOWED, runId === undefined ? workspace : `${workspace}/${runId}`);
}

/** Who is followed, as far as this process has heard. */
export interface Followed {
  /** Tells the followers of a workspace that there are changes, if there are followers. */
  tell(workspace: string): void;
  /** Whether somebody follows a run. */
  has(workspace: string, runId: string): boolean;
  close(): void;
}

/** Hears who is followed. Until it has heard of somebody, `tell` costs nothing. */
export function hearFollowed(bus: Bus, now: () => number = Date.now): Followed {
  const heardAt = new Map<string, number>();
  const { stop } = bus.subscribe(FOLLOWED, (followed) => {
    if (followed === '') return;
    heardAt.delete(followed);
    heardAt.set(followed, now());
    // In the order in which they were heard: the first ones are the oldest.
    for (const [oldest, at] of heardAt) {
      if (heardAt.size <= MOST && at > now() - BELIEVED_MS) break;
      heardAt.delete(oldest);
    }
  });
  const isFollowed = (key: string): boolean => (heardAt.get(key) ?? 0) > now() - BELIEVED_MS;
  return {
    tell: (workspace) => {
      if (isFollowed(workspace)) bus.publish(changesTopic(workspace));
    },
    has: (workspace, runId) => isFollowed(`${workspace}/${runId}`),
    close: stop,
  };
}
