import { mediaType } from '../http/body.ts';
import type { BodyReader } from '../http/route.ts';
import { filledForm } from '../pages/body.ts';

/** Reads an answer to a link: JSON, or what a browser sends for the page. */
export const linkAnswer: BodyReader = {
  types: filledForm.types,
  read: (request) => {
    if (!filledForm.types.includes(mediaType(request))) return undefined;
    return filledForm.read(request)?.then((filled) => {
      const { entries } = filled as { entries: Map<string, string[]> };
      const [decision, comment, data] = ['decision', 'comment', 'data'].map((name) => entries.get(name)?.[0]);
      return { ...(decision && { decision }), ...(comment && { comment }), ...(data && { data }), filled };
    });
  },
};
