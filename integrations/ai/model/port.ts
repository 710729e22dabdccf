/** What nodes for models are written against. The providers' folders are, too, so it lies outside of this one. */
export type * from '../../models/port.ts';
