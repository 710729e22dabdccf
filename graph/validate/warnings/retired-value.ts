import { AGENT_TURN, isAgent } from '../../node-types/agent-type.ts';
import { findFacts } from '../../node-types/facts.ts';
import { escapeSegment, own } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Subject } from './subject.ts';

/**
 * Finds values that stop working on a day: names of models that their providers retire. The day is told and not compared
 * with today, because a graph is meant to run for years, and because the same graph gets the same problems every day.
 */
export function retiredValues({ constants, context }: Subject): Problem[] {
  return constants.flatMap(({ path, text, parameter }) => {
    if (parameter === undefined || !path.endsWith(`/with/${escapeSegment(parameter.name)}`)) return [];
    // The models of an agent are those of its turns.
    const asking = isAgent(parameter) ? AGENT_TURN : parameter.uses;
    const values = own(findFacts(context.catalogue, asking)?.retires, parameter.name);
    const retirement = own(values, text);
    if (retirement === undefined) return [];
    const message = `\`${parameter.name}\` is \`${text}\`, which its provider retires on ${retirement.on}; it recommends \`${retirement.instead}\`.`;
    return [problem('retired-value', path, message, `Use \`${retirement.instead}\`, and try it before the day.`)];
  });
}
