/** A platform and its architecture, as Node names them: `linux-x64`. */
export type Target = `${NodeJS.Platform}-${NodeJS.Architecture}`;

/** The platform of this machine. */
export const TARGET: Target = `${process.platform}-${process.arch}`;
