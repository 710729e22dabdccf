import type { Logger } from 'pino';
import { type Bus, changesTopic, SAY_EVERY_MS, sayFollowed } from '../../bus/index.ts';
import { type ChangeCursor, changesNow, readChanges, type Tenant } from '../../db/index.ts';
import type { Follower } from './follower.ts';

export interface FeedDeps {
  readonly bus: Bus;
  readonly workspace: string;
  readonly tenant: <T>(fn: (tx: Tenant) => Promise<T>) => Promise<T>;
  readonly log: Logger;
}

/** What is read together. */
export const PAGE = 500;

/** A hint says when to read. As hints get lost, it is read so often without one. */
const EVERY_MS = 100;

/** What happens together is read together. */
const TOGETHER_MS = 10;

/** Proxies cut connections on which nothing comes for 30 seconds or a minute. */
const HEARTBEAT_MS = 15_000;

/**
 * Reads changes as long as somebody follows them, and says so to those who make them.
 *
 * @param begin where to begin: no follower that is there, or comes later, starts before it
 * @returns a function that stops it
 */
export function startReading(deps: FeedDeps, followers: ReadonlySet<Follower>, begin: ChangeCursor): () => void {
  const { bus, workspace, tenant } = deps;
  let cursor = begin;
  let isStopped = false;

  /** @returns whether there is more already */
  const round = async (): Promise<boolean> => {
    const from = cursor;
    const page = await tenant((tx) => readChanges(tx, { after: from, limit: PAGE }));
    if (page === null) return beginAnew();
    if (isStopped) return false;
    cursor = page.next;
    const batch = { ...page, from, at: Date.now(), texts: [] };
    for (const follower of followers) follower.take(batch);
    return page.isFull;
  };
  /** What a database has forgotten that was away cannot be told. */
  const beginAnew = async (): Promise<boolean> => {
    const now = await tenant(changesNow);
    if (isStopped) return false;
    cursor = now;
    for (const follower of followers) follower.resync('interrupted', now);
    return true;
  };

  const reader = repeatWhenAsked(deps.log, round, beginAnew);
  const heard = bus.subscribe(changesTopic(workspace), reader.ask);
  const say = (): void => {
    sayFollowed(bus, workspace);
    for (const { topics } of followers) for (const runId of topics.runIds) sayFollowed(bus, workspace, runId);
  };
  const saying = setInterval(say, SAY_EVERY_MS).unref();
  const beat = (): void => {
    for (const follower of followers) follower.beat();
  };
  const beating = setInterval(beat, HEARTBEAT_MS).unref();
  say();
  return () => {
    isStopped = true;
    reader.stop();
    clearInterval(saying);
    clearInterval(beating);
    heard.stop();
  };
}

/** Reads again and again, and soon when it is asked to. After a failure it recovers first. */
function repeatWhenAsked(log: Logger, round: () => Promise<boolean>, recover: () => Promise<boolean>) {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isReading = false;
  let isAsked = false;
  let hasFailed = false;
  const next = (ms: number): void => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(() => void read(), ms).unref();
  };
  const read = async (): Promise<void> => {
    isReading = true;
    isAsked = false;
    let hasMore = false;
    try {
      if (hasFailed) await recover();
      hasFailed = false;
      hasMore = await round();
    } catch (error) {
      if (!hasFailed) log.warn({ err: error }, 'changes cannot be read now; tried again in a moment');
      hasFailed = true;
    }
    isReading = false;
    next(hasMore ? 0 : isAsked ? TOGETHER_MS : EVERY_MS);
  };
  next(0);
  return {
    ask: (): void => {
      if (isAsked) return;
      isAsked = true;
      if (!isReading) next(TOGETHER_MS);
    },
    stop: (): void => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
