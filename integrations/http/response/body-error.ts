import { MOST_OF_JSON } from '../../../graph/limits.ts';
import { NodeError } from '../../error.ts';
import { shown } from '../address.ts';
import { type HttpResponse, hasEffect } from '../message.ts';

/** The error for a body that is not what the answer declares, or not what the author asked for. */
export const badBody = (response: HttpResponse, why: string): NodeError => unreadable('http.body', response, why);

/** The error for a body whose letters cannot be decoded. */
export const notText = (response: HttpResponse, why: string): NodeError => unreadable('http.notText', response, why);

/** The error for a body beyond the author's limit. */
export function tooLarge({ request }: HttpResponse, maxBytes: number): NodeError {
  return new NodeError(
    'http.tooLarge',
    `The answer to ${request.method} ${shown(request.url)} is larger than ${maxBytes} bytes and was cut off. ` +
      'Ask for less, or raise "maxBytes" (at most 104857600; 5368709120 with "responseAs: blob").',
    { unknown: hasEffect(request) },
  );
}

/** The error for JSON that takes too long to work with, however few bytes it has. */
export const tooManyValues = ({ request }: HttpResponse): NodeError =>
  new NodeError(
    'http.tooLarge',
    `The answer to ${request.method} ${shown(request.url)} holds more values than ${MOST_OF_JSON}. Ask for less. A single answer can be taken as it is, with "responseAs: blob" of http.request.`,
    { unknown: hasEffect(request) },
  );

function unreadable(code: string, { request }: HttpResponse, why: string): NodeError {
  return new NodeError(code, `The answer to ${request.method} ${shown(request.url)} cannot be read: ${why}.`, {
    unknown: hasEffect(request),
  });
}
