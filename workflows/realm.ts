/**
 * What holds for the realm that all workflows of a worker share: preloaded (`worker/bundle.ts`), because the SDK freezes
 * the realm after.
 *
 * The SDK notes a stack for every promise and maps each frame of it back to the sources, which is a third of what a run
 * costs the workflow thread. Three frames are enough to find where a fault was thrown.
 */
Object.assign(Error, { stackTraceLimit: 3 });

export {};
