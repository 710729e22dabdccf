/** Forms made from JSON Schemas: their fields, what they show at first, and what a filled-in form says. */
export { initialEntries } from './entries.ts';
export { type Entries, type Field, rowsOf } from './field.ts';
export { formOf, unsupportedIn } from './fields.ts';
export { type Answers, placeOf, readForm, rowCount } from './read.ts';
