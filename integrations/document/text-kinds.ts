/** Kinds of documents whose text is read. */
export const KINDS = ['pdf', 'docx', 'pptx', 'xlsx', 'csv', 'html', 'eml', 'rtf', 'text'] as const;
