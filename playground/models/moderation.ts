/** Words that say which category a text may belong to. */
const CATEGORIES: Readonly<Record<string, RegExp>> = {
  violence: /\b(kill|murder|shoot|stab|attack|bomb)\w*/gi,
  harassment: /\b(idiot|stupid|moron|shut up)\b/gi,
  hate: /\b(hate (?:you|them|those)|vermin|subhuman)\b/gi,
  'self-harm': /\b(suicide|self-harm|hurt myself)\b/gi,
  sexual: /\b(porn|nude|explicit sex)\w*/gi,
  illicit: /\b(steal|counterfeit|launder|cocaine)\w*/gi,
};

/** How sure the playground is that a text belongs to each category. */
export function moderationOf(text: string) {
  const scores = Object.fromEntries(
    Object.entries(CATEGORIES).map(([name, words]) => {
      const found = (text.match(words) ?? []).length;
      return [name, found === 0 ? 0.01 : Math.min(0.99, 0.6 + 0.1 * found)];
    }),
  );
  const categories = Object.fromEntries(Object.entries(scores).map(([name, score]) => [name, score > 0.5]));
  return { flagged: Object.values(categories).includes(true), categories, category_scores: scores };
}
