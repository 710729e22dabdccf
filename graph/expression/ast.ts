/**
 * The syntax tree: nested JSON arrays, kind first. A child is a node, or a bare constant (text, number, true, false,
 * null). A node holds an offset into the source only if an error can point to it.
 *
 *   ['k', constant] ['u'] ['n', 'NaN' | 'Infinity']       a constant at the top, undefined, numbers JSON lacks
 *   ['.', at, base, …segments]                             a chain; base: name in scope, slot of a parameter, or a node
 *     segment: 'name' or index · ['?', 'name' or index]   member, optional member
 *              ['c', node] · ['?c', node]                  computed member
 *              ['m', 'name', …args] · ['?m', …]            method call
 *   ['f', at, 'Math.max', …args]                           library function (`@2`: its meaning has grown)
 *   ['=>', slot, parameters, body] · ['fn', 'Number']      only as an argument
 *     parameter: 0 plain · n a list pattern of n · ['a', 'b'] an object pattern; slots are taken in order
 *   ['!', x] ['u-', at, x] ['u+', at, x] ['ty', x]         unary
 *   ['+', at, a, b, …] - * / % **                          arithmetic, left to right
 *   ['<', at, a, b] <= > >= == != === !==                  comparison
 *   ['&&', a, b, …] || ??                                  short-circuiting
 *   ['?', test, then, test, then, …, else]                 conditional
 *   ['`', at, part, …]                                     template string
 *   ['[', entry, …]                                        list; entry may be ['...', at, x]
 *   ['{', key, value, …]                                   object; key: 'name', ['c', at, x] computed, 1 spread
 */
export type Child = string | number | boolean | null | readonly unknown[];

/** Binary operators that have an offset. */
export const ARITHMETIC = ['+', '-', '*', '/', '%', '**'] as const;
export const COMPARISON = ['<', '<=', '>', '>=', '==', '!=', '===', '!=='] as const;
