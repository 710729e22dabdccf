/** Callers of a webhook that answers from its run: they wait, and judge what they were told. */

/** What a caller was told. `none`: the connection broke. `hung`: nothing came at all. */
export interface Answer {
  readonly n: number;
  readonly status: number | 'none' | 'hung';
  readonly body: unknown;
  readonly ms: number;
}

/** Longest time that a caller may wait: the webhook answers within 5 s, and a server that starts needs some more. */
const HUNG_MS = 25_000;

/** Calls until a moment, each caller one call after the other, at one of the APIs after the other. */
export async function askUntil(
  end: number,
  { apis, hook, callers }: { apis: readonly string[]; hook: string; callers: number },
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const caller = async (_: unknown, index: number) => {
    for (let round = 0; Date.now() < end; round++) {
      const answer = await ask(`${apis[(round + index) % apis.length]}${hook}`, round * callers + index);
      answers.push(answer);
      // A process that is starting refuses at once; nobody gains from asking it a thousand times.
      if (answer.status === 'none' || answer.status === 503) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return answers;
}

async function ask(url: string, n: number): Promise<Answer> {
  const began = Date.now();
  const signal = AbortSignal.timeout(HUNG_MS);
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ n }), signal });
    return { n, status: response.status, body: await response.json(), ms: Date.now() - began };
  } catch (error) {
    const status = signal.aborted ? 'hung' : 'none';
    return { n, status, body: String((error as Error).cause ?? error), ms: Date.now() - began };
  }
}

/** What a run has come to. */
interface Ended {
  readonly status: string;
  readonly output: unknown;
}

/** Answers that are not the truth: a wrong 200, a 202 whose run does not end right, and whatever is neither nor a refusal. */
export async function wrongIn(answers: readonly Answer[], read: (run: string) => Promise<Ended>): Promise<unknown[]> {
  const wrong: unknown[] = [];
  for (const answer of answers) {
    const { n, status, body } = answer;
    const right = { n, twice: n * 2, told: 201 };
    if (status === 200 && !isSame(body, right)) wrong.push(answer);
    else if (status === 202) {
      const run = await read((body as { run: { id: string } }).run.id);
      if (run.status !== 'succeeded' || !isSame(run.output, right)) wrong.push({ answer, run });
    } else if (![200, 202, 503, 'none'].includes(status)) wrong.push(answer);
  }
  return wrong;
}

/** An effect that a killed worker had caused is reported as one that was there before: 200 instead of 201. */
const isSame = (given: unknown, { n, twice, told }: { n: number; twice: number; told: number }): boolean => {
  const { told: status, ...rest } = (given ?? {}) as { n?: number; twice?: number; told?: number };
  return (status === told || status === 200) && rest.n === n && rest.twice === twice;
};
