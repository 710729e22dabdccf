/** Escapes text for HTML, in elements and in quoted attributes. */
export const text = (value: string): string => value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** A small page without scripts. `body` is HTML already. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>${text(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}p{white-space:pre-wrap;overflow-wrap:anywhere}button{font:inherit;padding:.4rem 1rem}input{font:inherit;width:100%;box-sizing:border-box}footer{color:#666;font-size:.8rem;margin-top:2rem}</style>
</head><body><h1>${text(title)}</h1>${body}</body></html>
`;
