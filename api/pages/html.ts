/** Escapes text for HTML, in elements and in quoted attributes. */
export const text = (value: string): string => value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const STYLE = [
  ':root{color-scheme:light dark;--line:#767676;--bad:#b3261e;--ink:#1a5fb4}',
  '@media(prefers-color-scheme:dark){:root{--line:#9a9a9a;--bad:#ffb4ab;--ink:#9cc4ff}}',
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}',
  'p,dd,li{white-space:pre-wrap;overflow-wrap:anywhere}',
  'button{font:inherit;padding:.4rem 1rem}',
  'input:not([type=checkbox]),select,textarea{font:inherit;width:100%;box-sizing:border-box;padding:.3rem;border:1px solid var(--line)}',
  'input[type=file]{border:0;padding:.3rem 0}',
  '.field{margin:0 0 1.2rem}.field>label,legend{display:block;font-weight:600}',
  'fieldset{border:1px solid var(--line);margin:0 0 1.2rem;padding:.6rem 1rem 0}',
  '.help{margin:0;font-size:.9rem}.error{margin:.2rem 0 0;color:var(--bad);font-weight:600}',
  '[aria-invalid=true]{border-color:var(--bad)!important;outline:1px solid var(--bad)}',
  '.summary{border:2px solid var(--bad);padding:.6rem 1rem;margin:0 0 1.2rem}a{color:var(--ink)}',
  'pre{white-space:pre-wrap;overflow-wrap:anywhere}dt{font-weight:600}',
  'footer{font-size:.8rem;margin-top:2rem}',
].join('');

/** A small page without scripts. `body` is HTML already. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head><body><main><h1>${text(title)}</h1>${body}</main></body></html>
`;
