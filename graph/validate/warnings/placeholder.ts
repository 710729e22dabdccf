import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { isCode, type Subject } from './subject.ts';

/** What authors write when they do not know the value yet. Each pattern takes linear time. */
const PLACEHOLDERS: readonly RegExp[] = [
  // A host that is reserved for documentation. Mail addresses there are allowed: they belong to nobody and serve tests.
  /(?<![@\w.-])(?:[a-z0-9-]{1,63}\.){0,4}example\.(?:com|org|net)\b(?!\.)/i,
  /\b(?:you|your[-_.]?[a-z]{1,20}|someone|somebody|name|user|email)@example\.(?:com|org|net)\b/i,
  /\b(?:YOUR|INSERT|REPLACE|ENTER)[_-][A-Z0-9][A-Z0-9_-]{1,60}\b/,
  /\byour_[a-z0-9_]{2,60}\b/,
  /\byour-(?:[a-z0-9]{1,20}-){0,3}(?:key|token|secret|password|domain|id|workspace|channel|account|host|server|api|url|email|mail|user|username|phone)\b/,
  /[<[{](?:your|insert|replace|enter)[ _-][^<>[\]{}]{1,60}[>\]}]/i,
  /<[a-z]{1,20}[-_](?:key|token|secret|password|id|url)>/i,
  /\b(?:your|my)-?(?:domain|company|site)\.(?:com|org|net|io)\b/i,
  /\b(?:CHANGE_?ME|REPLACE_?ME)\b/i,
  /^\s*(?:TODO|FIXME|TBD|XXX+)\b[^\n]{0,60}$/,
  // xxxx, sk-xxxxxxxx, xoxb-xxxx-xxxx
  /^\s*(?:[A-Za-z]{1,10}[-_]){0,3}x{4,}(?:-x{4,}){0,5}\s*$/i,
  /^\s*(?:placeholder|lorem ipsum\b[^\n]{0,200})\s*$/i,
];

/** Finds texts that stand for something that is still to be filled in. */
export function placeholders({ constants }: Subject): Problem[] {
  return constants.flatMap((constant) => {
    if (isCode(constant)) return [];
    for (const part of constant.parts) {
      const found = PLACEHOLDERS.map((pattern) => pattern.exec(part)).find((each) => each !== null);
      if (found)
        return [problem('placeholder', constant.path, `\`${found[0].trim().slice(0, 60)}\` is still to be filled in.`)];
    }
    return [];
  });
}
