import type { Case } from './case.ts';

interface Effect {
  readonly name: string;
  readonly key: string;
  readonly calls: number;
  readonly applied: number;
}
interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly copies: number;
}

/** What a run did to the playground, in the terms of `expect.json`. */
export interface Seen {
  readonly effects: readonly { readonly name: string; readonly calls: number; readonly applied: number }[];
  readonly mail: readonly { readonly to: string; readonly subject: string; readonly text: string }[];
  /** Number of copies of mails that the run had already sent, with the same Message-ID. */
  readonly mailsAgain: number;
}

/** Asks the playground at `world` what it saw of a run: its effects by name, and its mail. */
export async function seenOf(world: string, run: string): Promise<Seen> {
  const get = async <T>(path: string) => ((await (await fetch(`${world}${path}`)).json()) as { items: T[] }).items;
  const effects = new Map<string, { name: string; calls: number; applied: number }>();
  for (const { name, calls, applied } of await get<Effect>(`/effects?contains=${encodeURIComponent(run)}`)) {
    if (name === 'mail') continue;
    const sum = effects.get(name) ?? { name, calls: 0, applied: 0 };
    effects.set(name, { name, calls: sum.calls + calls, applied: sum.applied + applied });
  }
  const mail = await get<Mail>(`/mail?contains=${encodeURIComponent(run)}`);
  return {
    effects: [...effects.values()],
    mail: mail.map(({ to, subject, text }) => ({ to: to.join(', '), subject, text })),
    mailsAgain: mail.reduce((sum, { copies }) => sum + copies - 1, 0),
  };
}

/**
 * Differences between what the outside world saw and what `expect.json` says; an empty list if they agree. With
 * `killed`, repeated calls are allowed, because they had no effect. (A mail that arrives again with its Message-ID is
 * one mail.)
 */
export function compareSeen(expected: Case, seen: Seen, killed = false): string[] {
  const wrong: string[] = [];
  if (expected.effects) {
    for (const { name } of seen.effects) {
      if (!expected.effects.some((effect) => effect.name === name)) wrong.push(`unexpected effect: ${name}`);
    }
    for (const { name, applied, calls } of expected.effects) {
      const found = seen.effects.find((effect) => effect.name === name);
      if (!found) wrong.push(`missing effect: ${name}`);
      if (found && applied !== undefined && found.applied !== applied) {
        wrong.push(`${name} took effect ${found.applied} times, not ${applied}`);
      }
      if (found && calls !== undefined && (killed ? found.calls < calls : found.calls !== calls)) {
        wrong.push(`${name} was called ${found.calls} times, not ${calls}`);
      }
    }
  }
  if (expected.mail) {
    const left = [...seen.mail];
    for (const mail of expected.mail) {
      const fits = (one: (typeof left)[number]) =>
        one.to === mail.to && one.subject === mail.subject && (mail.text === undefined || one.text === mail.text);
      if (!left.some(fits)) wrong.push(`missing mail: ${JSON.stringify(mail)}`);
      const first = left.findIndex(fits);
      if (first >= 0) left.splice(first, 1);
    }
    for (const mail of left) wrong.push(`unexpected mail: ${JSON.stringify(mail)}`);
  }
  return wrong;
}
