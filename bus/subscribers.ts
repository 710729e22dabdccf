/** Ends a subscription. */
export interface Subscription {
  stop(): void;
}

/** Who listens to what in this process. */
export interface Subscribers {
  add(topic: string, heard: (hint: string) => void): Subscription;
  tell(topic: string, hint: string): void;
  tellAll(hint: string): void;
}

export function createSubscribers(): Subscribers {
  const topics = new Map<string, Set<(hint: string) => void>>();
  const tell = (topic: string, hint: string) => {
    for (const heard of [...(topics.get(topic) ?? [])]) heard(hint);
  };
  return {
    add: (topic, heard) => {
      const all = topics.get(topic) ?? new Set();
      // Each subscription is its own, even if the same function subscribes twice.
      const own = (hint: string) => heard(hint);
      topics.set(topic, all.add(own));
      return {
        stop: () => {
          all.delete(own);
          if (all.size === 0 && topics.get(topic) === all) topics.delete(topic);
        },
      };
    },
    tell,
    tellAll: (hint) => {
      for (const topic of [...topics.keys()]) tell(topic, hint);
    },
  };
}
