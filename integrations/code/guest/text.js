// Text from bytes and back: TextDecoder, TextEncoder, atob and btoa as browsers have them, written in the language
// alone. The host's own versions are host objects, and no host object may enter this realm.

{
  const { fromCharCode, fromCodePoint } = String;
  const SPARE = '\ufffd';

  const continuation = (byte) => byte !== undefined && (byte & 0xc0) === 0x80;

  /** One sequence of UTF-8: its text, or null, and how many bytes it took (Unicode, table 3-7). */
  const utf8At = (bytes, at) => {
    const lead = bytes[at];
    if (lead < 0x80) return [fromCharCode(lead), 1];
    const size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (size === 0) return [null, 1];
    const [low, high] = { 224: [0xa0, 0xbf], 237: [0x80, 0x9f], 240: [0x90, 0xbf], 244: [0x80, 0x8f] }[lead] ?? [
      0x80, 0xbf,
    ];
    const second = bytes[at + 1];
    if (second === undefined || second < low || second > high) return [null, 1];
    let point = ((lead & (0x7f >> size)) << 6) | (second & 0x3f);
    for (let taken = 2; taken < size; taken += 1) {
      if (!continuation(bytes[at + taken])) return [null, taken];
      point = (point << 6) | (bytes[at + taken] & 0x3f);
    }
    return [fromCodePoint(point), size];
  };

  const utf8 = (bytes, bad) => {
    let text = '';
    for (let at = 0; at < bytes.length; ) {
      const [found, taken] = utf8At(bytes, at);
      text += found ?? bad();
      at += taken;
    }
    return text;
  };

  const utf16 = (low, high) => (bytes, bad) => {
    let text = '';
    for (let at = 0; at + 1 < bytes.length; at += 2) text += fromCharCode(bytes[at + low] | (bytes[at + high] << 8));
    const whole = bytes.length % 2 === 0;
    // Half a pair and half a unit at the end count as one error.
    if (!whole) text = text.replace(/[\ud800-\udbff]$/, '');
    if (!text.isWellFormed()) bad();
    return text.toWellFormed() + (whole ? '' : bad());
  };

  const UNICODE = { 'utf-8': utf8, 'utf-16le': utf16(0, 1), 'utf-16be': utf16(1, 0) };

  const bytesOf = (input) => {
    if (input === undefined) return new Uint8Array();
    if (input instanceof ArrayBuffer) return new Uint8Array(input);
    if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    throw new TypeError('decode takes bytes: a Uint8Array, or an ArrayBuffer');
  };

  globalThis.TextDecoder = class TextDecoder {
    #decode;
    constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
      const name = blokEncodings.nameOf(String(label));
      this.#decode = UNICODE[name] ?? blokEncodings.decoderOf(name);
      if (!this.#decode) throw new RangeError(`TextDecoder knows no encoding ${JSON.stringify(label)}`);
      Object.assign(this, { encoding: name, fatal: Boolean(fatal), ignoreBOM: Boolean(ignoreBOM) });
    }

    decode(input, { stream = false } = {}) {
      if (stream) throw new TypeError('decode takes all bytes at once here: "stream" is not available');
      const text = this.#decode(bytesOf(input), () => {
        if (this.fatal) throw new TypeError(`the bytes are not ${this.encoding}`);
        return SPARE;
      });
      const marked = !this.ignoreBOM && Object.hasOwn(UNICODE, this.encoding) && text.charCodeAt(0) === 0xfeff;
      return marked ? text.slice(1) : text;
    }
  };

  const utf8Of = (text) => {
    const bytes = [];
    for (const character of text.toWellFormed()) {
      const point = character.codePointAt(0);
      if (point < 0x80) bytes.push(point);
      else {
        const size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        bytes.push(((0xf00 >> size) & 0xff) | (point >> (6 * (size - 1))));
        for (let left = size - 2; left >= 0; left -= 1) bytes.push(0x80 | ((point >> (6 * left)) & 0x3f));
      }
    }
    return Uint8Array.from(bytes);
  };

  globalThis.TextEncoder = class TextEncoder {
    encoding = 'utf-8';

    encode(text = '') {
      return utf8Of(String(text));
    }

    encodeInto(text, target) {
      let read = 0;
      let written = 0;
      for (const character of String(text)) {
        const bytes = utf8Of(character);
        if (written + bytes.length > target.length) break;
        target.set(bytes, written);
        read += character.length;
        written += bytes.length;
      }
      return { read, written };
    }
  };

  const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const VALUES = Object.fromEntries([...LETTERS].map((letter, value) => [letter, value]));

  globalThis.btoa = (binary) => {
    const text = String(binary);
    let base64 = '';
    for (let at = 0; at < text.length; at += 3) {
      const three = [0, 1, 2].map((offset) => text.charCodeAt(at + offset));
      if (three.some((unit) => unit > 0xff))
        throw new RangeError('btoa takes characters up to U+00FF, one for each byte');
      const bits = (three[0] << 16) | (three[1] << 8) | three[2];
      const four = [18, 12, 6, 0].map((shift) => LETTERS[(bits >> shift) & 63]);
      const missing = Math.max(0, at + 3 - text.length);
      base64 += four.slice(0, 4 - missing).join('') + '='.repeat(missing);
    }
    return base64;
  };

  globalThis.atob = (base64) => {
    const given = String(base64).replace(/[\t\n\f\r ]/g, '');
    const text = given.length % 4 === 0 ? given.replace(/==?$/, '') : given;
    if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) throw new SyntaxError('atob: the text is not base64');
    let binary = '';
    for (let at = 0; at < text.length; at += 4) {
      const [a, b, c, d] = [0, 1, 2, 3].map((offset) => VALUES[text[at + offset]]);
      const bits = (a << 18) | (b << 12) | ((c ?? 0) << 6) | (d ?? 0);
      binary += fromCharCode(bits >> 16);
      if (c !== undefined) binary += fromCharCode((bits >> 8) & 255);
      if (d !== undefined) binary += fromCharCode(bits & 255);
    }
    return binary;
  };
}
