import { ERROR_CODE_PATTERN } from '../../error-code.ts';
import { newFuel, Reference, type Template } from '../../expression/runtime.ts';
import { equals, isObject } from '../../expression/values.ts';
import type { Json } from '../../json.ts';
import { FUEL_PER_EXPRESSION } from '../../limits.ts';
import { closeFrame } from '../bodies/closing.ts';
import { frameAt } from '../state/frames.ts';
import type { Start } from '../state/start.ts';
import type { Run } from '../state/state.ts';
import { follows } from '../state/versions.ts';
import { settle } from '../steps/settle.ts';
import { failure, StepFailure } from '../values/errors.ts';
import { elements, entry, invalid, param, wholeNumber } from '../values/params.ts';
import { answer, condition, parameter, shownParameter, whole, wholeParameter } from '../values/resolve.ts';

/** `if`: leaves by `true` or `false`. */
export function when(run: Run, start: Start): void {
  const output = condition(run, start, 'test');
  settle(run, start.place, { status: 'succeeded', output, port: String(output) });
}

/** `switch`: leaves by the first case that matches, else by `default`. */
export function choose(run: Run, start: Start): void {
  const subject = wholeParameter(run, start, 'value') ?? null;
  start.step.input = { value: subject };
  const matches = (given: Template, at: number): boolean => {
    const test = entry(given, 'when');
    return test ? condition(run, start, `cases.${at}.when`, test) : isOneOf(run, subject, constant(entry(given, 'is')));
  };
  const chosen = elements(param(start.plan, 'cases')).find(matches);
  const port = chosen ? (constant(entry(chosen, 'port')) as string) : 'default';
  settle(run, start.place, { status: 'succeeded', output: port, port });
}

/** `log`: the logged entry is its input; its output is null. Only `data` may be too large to be shown. */
export function log(run: Run, start: Start): void {
  const question = { place: start.place, key: 'with', template: start.plan.with ?? NOTHING, scope: start.scope };
  const said = answer(run, question, (value) => {
    whole({ ...(value as object), data: null });
    return value;
  });
  answer(run, { ...question, key: 'checked', template: ['v', said], data: 'log' }, () => undefined);
  start.step.input = said;
  settle(run, start.place, { status: 'succeeded', output: null });
}

/** `respond`: answers a waiting caller; only the first answer counts. */
export function respond(run: Run, start: Start): void {
  const answer = {
    status: wholeNumber(wholeParameter(run, start, 'status') ?? 200, 'with.status', 200, 599),
    headers: headersOf(wholeParameter(run, start, 'headers') ?? {}),
    body: parameter(run, start, 'body') ?? null,
    ...fileOf(wholeParameter(run, start, 'file')),
  };
  run.state.response ??= answer as unknown as Json;
  settle(run, start.place, { status: 'succeeded', output: answer });
}

/** The file of an answer, if it has one. */
function fileOf(file: unknown): { file?: Json } {
  if (file === undefined || file === null) return {};
  if (!isObject(file) || typeof file.sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(file.sha256))
    throw invalid('with.file', 'a reference to a file is needed', file);
  const { sha256, contentType } = file;
  return { file: { sha256, ...(typeof contentType === 'string' ? { contentType } : {}) } };
}

/** `stop`: the run ends as succeeded; running steps are cancelled, `finally` bodies run, nothing is undone. */
export function stop(run: Run, start: Start): void {
  const { step, plan } = start;
  const output = parameter(run, start, 'output') ?? null;
  settle(run, start.place, { status: 'succeeded', output, port: null });
  const root = frameAt(run, run.rootKey);
  if (root.phase !== 'running') return;
  run.state.output = output;
  const error = failure('cancelled', 'The run was stopped by a stop node.', step.path, plan.id);
  closeFrame(run, root, { reason: 'stopped', error });
}

/** `fail`: fails like any other node, with the author's code. */
export function fail(run: Run, start: Start): void {
  const code = wholeParameter(run, start, 'code') ?? 'failed';
  if (typeof code !== 'string' || !CODE.test(code))
    throw invalid('with.code', 'dotted words such as order.rejected are needed', code);
  const message = shownParameter(run, start, 'message') ?? '';
  const details = shownParameter(run, start, 'details');
  if (message instanceof Reference) throw new StepFailure(code, `${message.preview}…`, beginningOf(details));
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  throw new StepFailure(code, text, beginningOf(details));
}

/** What an error says is cut anyway, so the beginning of a stored value is enough. */
const beginningOf = (value: unknown): Json | undefined =>
  value instanceof Reference ? { size: value.size, preview: value.preview ?? '' } : (value as Json | undefined);

/** Headers as they are sent: headers whose value is null are left out. */
function headersOf(given: unknown): Record<string, string | number> {
  if (!isObject(given)) throw invalid('with.headers', 'an object is needed', given);
  const kept = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  for (const [name, value] of kept) {
    if (typeof value !== 'string' && typeof value !== 'number')
      throw invalid(`with.headers['${name.slice(0, 100)}']`, 'a text or a number is needed', value);
  }
  return Object.fromEntries(kept) as Record<string, string | number>;
}

const CODE = new RegExp(ERROR_CODE_PATTERN);

const NOTHING: Template = ['v', {}];

const constant = (template: Template | undefined): unknown => (template?.[0] === 'v' ? template[1] : undefined);

/** Whether one of the constants equals the subject: without conversion, lists and objects by content. */
function isOneOf(run: Run, subject: unknown, is: unknown): boolean {
  return (Array.isArray(is) ? is : [is]).some((each) => {
    const fuel = newFuel();
    const same = equals(fuel, subject, each);
    if (follows(run, 'dataAndControlPriced')) run.state.fuelUsed += COMPARED + FUEL_PER_EXPRESSION - fuel.left;
    return same;
  });
}

/** What comparing with a constant costs apart from its size. */
const COMPARED = 2;
