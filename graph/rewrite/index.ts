/** Changes the text of a document so that it says something else, and keeps how the rest is written. */
export { type EditedText, editText } from './edit-text.ts';
export { applyEdits, type TextEdit } from './edits.ts';
export { markEdits, type SideNames } from './markers.ts';
export { rewriteEdits, rewriteText, writeYaml } from './rewrite.ts';
