/**
 * The workflows of the bundle: one function serves every user's workflow type, another serves long loops, a third watches
 * for triggers.
 */

export { runEach as blokEach } from './chains/chain.ts';
export { interpret as default } from './interpreter/interpret.ts';
export { watch as blokWatch } from './triggers/watch.ts';
