/** Whether a file is a program that defines a graph, by its name. */
export const isCode = (file: string): boolean => /\.m?[jt]s$/.test(file);
