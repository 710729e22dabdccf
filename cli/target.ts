/** True if the argument of `run` names a file rather than a published workflow, whose names hold no dot or slash. */
export const looksLikeFile = (target: string): boolean => /[./\\]/.test(target);
