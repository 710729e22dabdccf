import { type Entries, type Field, rowCount, rowsOf } from '../../graph/form/index.ts';
import { text } from './html.ts';

/** What a form shows: what was filled in, and what is wrong with it. */
export interface Shown {
  readonly entries: Entries;
  /** By name of the field. */
  readonly errors: ReadonlyMap<string, string>;
}

/** Name of the button that adds a row. Its value is the name of the list. */
export const ADD_ROW = '+row';

/** The fields of a form, each with its label, its help and its error. */
export function fieldsHtml(form: Field, shown: Shown): string {
  return form.kind === 'group' ? form.fields.map((field) => fieldHtml(field, shown)).join('') : fieldHtml(form, shown);
}

/** Whether a browser must send the form as multipart. */
export function hasFiles(field: Field): boolean {
  if (field.kind === 'group') return field.fields.some(hasFiles);
  return field.kind === 'file' || (field.kind === 'rows' && hasFiles(field.row(0)));
}

/** What is wrong, as links to the fields: the first thing that a screen reader comes to. */
export function summaryHtml(form: Field, { errors }: Shown): string {
  if (errors.size === 0) return '';
  const items = [...errors].map(([name, error]) => {
    const label = labelOf(form, name);
    const words = text(label === null ? error : `${label}: ${error}`);
    return `<li>${label === null ? words : `<a href="#${text(idOf(name))}">${words}</a>`}</li>`;
  });
  return `<div class="summary" role="alert"><p>This was not sent yet. Please look at:</p><ul>${items.join('')}</ul></div>`;
}

function labelOf(field: Field, name: string): string | null {
  if (field.name === name) return field.kind === 'group' && name === '' ? null : field.label;
  const inner = field.kind === 'group' ? field.fields : field.kind === 'rows' ? rowsUpTo(field, name) : [];
  const found = inner.find((one) => name === one.name || name.startsWith(`${one.name}/`));
  return found ? labelOf(found, name) : null;
}

function rowsUpTo(field: Extract<Field, { kind: 'rows' }>, name: string): Field[] {
  const index = Number(name.slice(field.name.length + 1).split('/')[0]);
  return Number.isInteger(index) ? [field.row(index)] : [];
}

/** The id of a field's element. */
const idOf = (name: string): string => `f${name === '' ? '/' : name}`;

function fieldHtml(field: Field, shown: Shown): string {
  if (field.kind === 'group') return setHtml(field, shown, fieldsHtml(field, shown));
  if (field.kind === 'rows') return setHtml(field, shown, rowsHtml(field, shown));
  if (field.kind === 'choices') return setHtml(field, shown, checkboxes(field, shown));
  const notes = notesOf(field, shown);
  const mark = field.required && field.kind !== 'boolean' ? ' <span aria-hidden="true">*</span>' : '';
  const label = `<label for="${text(idOf(field.name))}">${text(field.label)}${hintOf(field)}${mark}</label>`;
  const control = controlHtml(field, shown, attributes(field, shown));
  const both =
    field.kind === 'boolean'
      ? `${control} ${label.replace('<label', '<label class="tick"')}`
      : label + notes.help + control;
  return `<div class="field">${both}${field.kind === 'boolean' ? notes.help : ''}${notes.error}</div>`;
}

const hintOf = (field: Field): string => {
  if (field.kind === 'text' && (field.input === 'datetime-local' || field.input === 'time')) return ' (UTC)';
  if (field.kind === 'lines') return ' (one per line)';
  return field.kind === 'json' ? ' (as JSON)' : '';
};

function notesOf({ name, help }: Field, { errors }: Shown): { help: string; error: string } {
  const id = text(idOf(name));
  const error = errors.get(name);
  return {
    help: help === null ? '' : `<p class="help" id="${id}-help">${text(help)}</p>`,
    error: error === undefined ? '' : `<p class="error" id="${id}-error">${text(error)}</p>`,
  };
}

/** Names the notes that a screen reader reads with a field. */
function describedBy({ name, help }: Field, { errors }: Shown): string {
  const id = idOf(name);
  const notes = [...(help === null ? [] : [`${id}-help`]), ...(errors.has(name) ? [`${id}-error`] : [])];
  return notes.length === 0 ? '' : ` aria-describedby="${text(notes.join(' '))}"`;
}

function attributes(field: Field, shown: Shown): string {
  const { name, required, kind } = field;
  return [
    `id="${text(idOf(name))}" name="${text(name)}"${describedBy(field, shown)}`,
    ...(shown.errors.has(name) ? ['aria-invalid="true"'] : []),
    ...(required && kind !== 'boolean' ? ['aria-required="true"'] : []),
  ].join(' ');
}

function controlHtml(field: Field, { entries }: Shown, given: string): string {
  const value = entries.get(field.name)?.[0] ?? '';
  switch (field.kind) {
    case 'boolean':
      return `<input type="checkbox" ${given}${entries.has(field.name) ? ' checked' : ''}>`;
    case 'number':
      return `<input type="text" inputmode="decimal" ${given} value="${text(value)}">`;
    case 'file':
      return `<input type="file" ${given}${field.many ? ' multiple' : ''}>`;
    case 'choice': {
      const options = field.options.map(
        ({ label }, at) => `<option value="${at}"${value === String(at) ? ' selected' : ''}>${text(label)}</option>`,
      );
      return `<select ${given}><option value=""></option>${options.join('')}</select>`;
    }
    case 'text':
      if (field.input !== 'area') return `<input type="${field.input}" ${given} value="${text(value)}">`;
      return areaHtml(value, given);
    default:
      return areaHtml(value, given);
  }
}

// A line break after the tag is not part of the text, so that a text may begin with one.
const areaHtml = (value: string, given: string): string => `<textarea rows="4" ${given}>\n${text(value)}</textarea>`;

function setHtml(field: Field, shown: Shown, inner: string): string {
  const { help, error } = notesOf(field, shown);
  return `<fieldset id="${text(idOf(field.name))}"${describedBy(field, shown)} tabindex="-1"><legend>${text(field.label)}</legend>${help}${error}${inner}</fieldset>`;
}

function checkboxes({ name, options }: Extract<Field, { kind: 'choices' }>, { entries }: Shown): string {
  const chosen = entries.get(name) ?? [];
  const boxes = options.map(({ label }, at) => {
    const id = text(`${idOf(name)}-${at}`);
    const checked = chosen.includes(String(at)) ? ' checked' : '';
    return `<div><input type="checkbox" id="${id}" name="${text(name)}" value="${at}"${checked}> <label for="${id}">${text(label)}</label></div>`;
  });
  return `<div class="field">${boxes.join('')}</div>`;
}

function rowsHtml(field: Extract<Field, { kind: 'rows' }>, shown: Shown): string {
  const count = rowCount(shown.entries, field.name);
  const rows = Array.from({ length: count }, (_, index) => fieldHtml(field.row(index), shown));
  return (
    `<input type="hidden" name="${text(rowsOf(field.name))}" value="${count}">${rows.join('')}` +
    `<p><button name="${ADD_ROW}" value="${text(field.name)}">Add another: ${text(field.label)}</button></p>`
  );
}
