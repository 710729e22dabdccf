import { NodeError } from '../../error.ts';
import { shown } from '../address.ts';
import { type HttpResponse, hasEffect } from '../message.ts';

/** A body that is not what it says, or not what the author asked for. */
export const badBody = (response: HttpResponse, why: string): NodeError => unreadable('http.body', response, why);

/** A body whose letters cannot be told. */
export const notText = (response: HttpResponse, why: string): NodeError => unreadable('http.notText', response, why);

/** A body beyond the author's limit. */
export function tooLarge({ request }: HttpResponse, maxBytes: number): NodeError {
  return new NodeError(
    'http.tooLarge',
    `The answer to ${request.method} ${shown(request.url)} is larger than ${maxBytes} bytes and was cut off. ` +
      'Ask for less, or raise "maxBytes" (at most 104857600).',
    { unknown: hasEffect(request) },
  );
}

function unreadable(code: string, { request }: HttpResponse, why: string): NodeError {
  return new NodeError(code, `The answer to ${request.method} ${shown(request.url)} cannot be read: ${why}.`, {
    unknown: hasEffect(request),
  });
}
