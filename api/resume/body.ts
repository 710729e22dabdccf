import type { Json } from '../../graph/json.ts';
import type { Hold } from '../bodies.ts';
import { mediaType, readText } from '../http/body.ts';
import type { BodyReader } from '../http/route.ts';
import { strangersJson } from '../http/strangers-json.ts';
import { filledForm } from '../pages/body.ts';

/** Reads an answer to a link: JSON, or what a browser sends for the page. */
export const linkAnswer: BodyReader = {
  types: filledForm.types,
  read: (request, hold) => {
    const type = mediaType(request);
    if (type === 'application/json') return readAnswer(request, hold);
    if (!filledForm.types.includes(type)) return undefined;
    return filledForm.read(request, hold)?.then((filled) => {
      const { entries } = filled as { entries: Map<string, string[]> };
      const [decision, comment, data] = ['decision', 'comment', 'data'].map((name) => entries.get(name)?.[0]);
      return { ...(decision && { decision }), ...(comment && { comment }), ...(data && { data }), filled };
    });
  },
};

/** An empty body is an answer without anything: it ends the wait for an event. */
async function readAnswer(request: Request, hold: Hold): Promise<Json> {
  const text = await readText(request, hold);
  return text.trim() === '' ? {} : strangersJson(text);
}
