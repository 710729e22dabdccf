import type { CliContext } from '../context.ts';
import type { CapturedCall } from '../wire.ts';

/** Prints a call of a webhook as it was held: its first line, headers and body. */
export function printCall(ctx: CliContext, call: CapturedCall): void {
  const query = new URLSearchParams(call.query as Record<string, string>).toString();
  const mark = call.verified ? '✔ verified' : '✖ not verified: it starts nothing';
  ctx.out(`${call.seq}. ${call.method} …${call.path}${query && `?${query}`}  ${mark}`);
  if (call.problem !== null) ctx.out(`   ${call.problem}`);
  for (const [name, value] of Object.entries(call.headers)) ctx.out(`   ${name}: ${value}`);
  ctx.out('');
  if (call.leftOutBytes !== null) ctx.out(`   (a body of ${call.leftOutBytes} bytes, too large to be held)`);
  else for (const line of JSON.stringify(call.body, null, 2).split('\n')) ctx.out(`   ${line}`);
  ctx.out('');
}
