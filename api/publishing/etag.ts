/** The ETag of what is published of a workflow. Versions never change, and their numbers are never used again. */
export const versionEtag = (version: number): string => `"v${version}"`;
