/** Steps one expression may take. Measured: about 10 ms of work; the cap on time is 50 ms. */
export const FUEL_PER_EXPRESSION = 200_000;
/** Longest text an expression may make or read whole, in UTF-16 units. */
export const MAX_TEXT = 1_048_576;
/** Longest list, and most properties of one object, an expression may make. */
export const MAX_LIST = 100_000;
/** Deepest nesting of an expression's syntax and of the values it makes. */
export const MAX_DEPTH = 64;
/** Longest source of one expression, in characters. */
export const MAX_SOURCE = 8_192;
/** Characters or elements produced per unit of fuel. */
export const PRODUCED_PER_FUEL = 16;
