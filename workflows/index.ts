/**
 * The workflows of the bundle: one function serves every user's workflow type, another serves long loops, a third watches
 * for triggers, a fourth is what a schedule starts.
 */

export { runEach as blokEach } from './chains/chain.ts';
export { interpret as default } from './interpreter/interpret.ts';
export { fireSchedule as blokSchedule } from './triggers/schedule.ts';
export { watch as blokWatch } from './triggers/watch.ts';
