import { ApiProblem } from './problem.ts';

/** The cursor of a page: what its last item is sorted by. */
export const writeCursor = (place: string | number): string => Buffer.from(String(place)).toString('base64url');

/** What a cursor says, if it has that form. @throws ApiProblem `request.invalid` */
export function readCursor(text: string, form: RegExp): string {
  const place = Buffer.from(text, 'base64url').toString('latin1');
  if (form.test(place) && writeCursor(place) === text) return place;
  throw new ApiProblem(
    'request.invalid',
    'query/cursor: is not one of ours. Use "next" of the previous page, unchanged.',
  );
}
