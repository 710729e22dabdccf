/** Why a run is not started: too many runs are above it. */
export const tooDeep = (workflow: string, { depth, max }: { readonly depth: number; readonly max: number }): string =>
  `${workflow} is not started: ${depth} runs would be above it, each started by the one above, and at most ` +
  `${max} are allowed. Does a workflow start itself, or another one that starts it? Give the step that starts it an ` +
  '`if` that ends the chain. The operator sets the limit with BLOK_MAX_DEPTH.';
