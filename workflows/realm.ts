/**
 * Settings of the realm that all workflows of a worker share. Preloaded (`worker/bundle.ts`), because the SDK freezes
 * the realm afterwards.
 *
 * The SDK records a stack for every promise and maps each of its frames back to the sources. That is a third of what a
 * run costs the workflow thread. Three frames are enough to find where an error was thrown.
 */
Object.assign(Error, { stackTraceLimit: 3 });

export {};
