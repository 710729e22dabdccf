import type { TriggerNode } from '../../document/types.ts';
import { parseDuration } from '../../duration.ts';
import type { Json, JsonObject } from '../../json.ts';
import {
  MAX_REPLY_WITHIN_MS,
  MAX_TOLERANCE_MS,
  SIGNED_PLACEHOLDER,
  VERIFY_CONNECTIONS,
} from '../../node-types/webhook-trigger.ts';
import { own } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';

/** The connection that a way of verifying takes. */
export function hookConnection(verify: Json | undefined): { type?: readonly string[]; required: boolean } | undefined {
  const types = typeof verify === 'string' ? own(VERIFY_CONNECTIONS, verify) : undefined;
  if (types === undefined) return { required: false };
  return types.length === 0 ? undefined : { type: types, required: true };
}

/** Checks what must hold of a webhook's parameters beyond their schemas. */
export function checkWebhook({ with: given = {} }: TriggerNode, path: string): Problem[] {
  return [
    ...checkHmac(given, path),
    ...checkPath(given.path, `${path}/path`),
    ...checkTime(given.tolerance, `${path}/tolerance`, MAX_TOLERANCE_MS),
    ...checkTime(given.replyWithin, `${path}/replyWithin`, MAX_REPLY_WITHIN_MS),
    ...checkReply(given, path),
    ...checkDedupe(given.dedupe, `${path}/dedupe`),
  ];
}

const isFixed = (value: Json | undefined): value is string => typeof value === 'string' && !value.includes('${{');

function checkHmac({ verify, hmac }: JsonObject, path: string): Problem[] {
  if (!isFixed(verify)) return [];
  if (verify === 'hmac' && hmac === undefined) {
    const hint = 'For example `hmac: { header: X-Signature, prefix: "sha256=" }`.';
    return [problem('missing-parameter', path, '`verify: hmac` needs `hmac`: how the sender signs.', hint)];
  }
  if (verify !== 'hmac' && hmac !== undefined)
    return [problem('bad-parameter', `${path}/hmac`, `\`hmac\` belongs to \`verify: hmac\`, not to \`${verify}\`.`)];
  const { signed, timestampHeader } = (hmac ?? {}) as JsonObject;
  return isFixed(signed) || signed === undefined
    ? checkSigned(signed ?? '{body}', timestampHeader !== undefined, `${path}/hmac`)
    : [];
}

/** What is signed must hold the body and, if there is one, the time: whatever is not signed can be replaced. */
function checkSigned(signed: string, hasTime: boolean, path: string): Problem[] {
  const at = `${path}/signed`;
  const left = signed.replaceAll(SIGNED_PLACEHOLDER, '');
  if (/[{}]/.test(left)) {
    const hint = 'Placeholders: `{body}`, `{timestamp}`, `{method}`, `{path}`, `{url}`, `{header:NAME}`.';
    return [problem('bad-parameter', at, `\`${signed.slice(0, 80)}\` has a brace that is no placeholder.`, hint)];
  }
  if (!signed.includes('{body}'))
    return [problem('bad-parameter', at, 'The body is not signed: `{body}` is missing.', 'Write it where it belongs.')];
  if (hasTime === signed.includes('{timestamp}')) return [];
  return hasTime
    ? [problem('bad-parameter', at, 'The time is not signed: `{timestamp}` is missing, so that it can be replaced.')]
    : [problem('bad-parameter', at, '`{timestamp}` needs `timestampHeader`: the header that holds the time.')];
}

function checkPath(path: Json | undefined, at: string): Problem[] {
  if (!isFixed(path)) return [];
  const names = [...path.matchAll(/\/:([^/]*)/g)].map(([, name]) => name!);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const odd = names.find((name) => !/^[A-Za-z]\w*$/.test(name));
  if (odd !== undefined) return [problem('bad-parameter', at, `\`:${odd}\` is not the name of a path parameter.`)];
  return twice === undefined ? [] : [problem('bad-parameter', at, `\`:${twice}\` stands twice in the path.`)];
}

function checkTime(value: Json | undefined, path: string, max: number): Problem[] {
  const ms = isFixed(value) ? parseDuration(value) : null;
  if (ms === null || (ms >= 1000 && ms <= max)) return [];
  const hint = `Write a time from 1s to ${max / 1000}s.`;
  return [problem('bad-parameter', path, `\`${String(value)}\` is too ${ms < 1000 ? 'short' : 'long'}.`, hint)];
}

function checkReply({ reply, replyWithin }: JsonObject, path: string): Problem[] {
  if (replyWithin === undefined || (reply !== undefined && reply !== 'async')) return [];
  return [problem('bad-parameter', `${path}/replyWithin`, 'Nobody waits for an answer: `reply: sync` is missing.')];
}

function checkDedupe(dedupe: Json | undefined, path: string): Problem[] {
  if (dedupe === undefined || !(isFixed(dedupe) || typeof dedupe === 'number')) return [];
  const hint = "Write an expression, such as `${{ trigger.headers['x-event-id'] }}`.";
  return [problem('bad-parameter', path, 'All requests would count as the same one: `dedupe` is constant.', hint)];
}
