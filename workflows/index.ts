/** The workflows of the bundle: one function serves every user's workflow type, another serves long loops. */

export { runEach as blokEach } from './chains/chain.ts';
export { interpret as default } from './interpreter/interpret.ts';
