/** Tells a background task of this process that there is work, so that the work need not wait for the next round. */
export interface Alarm {
  ring(): void;
  listen(listener: () => void): void;
}

export function createAlarm(): Alarm {
  const listeners: (() => void)[] = [];
  return {
    ring: () => {
      for (const listener of listeners) listener();
    },
    listen: (listener) => void listeners.push(listener),
  };
}
