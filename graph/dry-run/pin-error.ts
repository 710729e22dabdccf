/** A pin that does not fit its step, or that belongs to no step. */
export class PinError extends Error {}
