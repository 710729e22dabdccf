/**
 * True for a host that is this machine itself: `localhost`, or a literal loopback address. A name that only looks like
 * one (`127.mail.example`) belongs to whoever owns the domain. Without a library, because connection types need it.
 */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (!/^[\w.:-]+$/.test(bare)) return false;
  // The URL parser brings every spelling of an address into one form.
  const name = URL.parse(`http://${bare.includes(':') ? `[${bare}]` : bare}`)?.hostname ?? '';
  return name === 'localhost' || name === '[::1]' || /^127(\.\d+){3}$/.test(name) || /^\[::ffff:7f..:/.test(name);
}
