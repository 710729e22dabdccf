import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition holds; errors that it throws in the meantime are ignored. */
export async function expect(holds: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    if (await holds().catch(() => false)) return;
    if (Date.now() > until) throw new Error(`This did not come true in 30 s: ${holds}`);
    await sleep(50);
  }
}
