import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBus, HINT_BYTES } from './bus.ts';
import { decode, encode } from './envelope.ts';
import type { OpenWire } from './wire.ts';

/** A wire that a test can cut. What goes over it reaches every bus on it, the sender's own too. */
function fakeWire(everyMs = 20) {
  const ends: Parameters<OpenWire>[0][] = [];
  const wire = {
    texts: [] as string[],
    isCut: false,
    open: ((on) => {
      ends.push(on);
      return {
        everyMs,
        listen: () => undefined,
        send: async (texts) => {
          if (wire.isCut) throw new Error('cut');
          wire.texts.push(...texts);
          for (const end of ends) for (const text of texts) end.text(text);
        },
        close: async () => undefined,
      };
    }) satisfies OpenWire,
    say: (text: string) => {
      for (const end of ends) end.text(text);
    },
    gap: () => {
      for (const end of ends) end.gap();
    },
  };
  return wire;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a bus', () => {
  it('tells subscribers of the same process at once, and of the others soon, each once', async () => {
    const wire = fakeWire();
    const [here, there] = [createBus(wire.open), createBus(wire.open)];
    const heard: string[] = [];
    here.subscribe('a', (hint) => heard.push(`here ${hint}`));
    const stopped = there.subscribe('a', (hint) => heard.push(`there ${hint}`));
    there.subscribe('b', (hint) => heard.push(`b ${hint}`));
    here.publish('a', '1');
    expect(heard).toEqual(['here 1']);
    await pass(0);
    expect(heard).toEqual(['here 1', 'there 1']);
    stopped.stop();
    here.publish('a', '2');
    await pass(100);
    expect(heard).toEqual(['here 1', 'there 1', 'here 2']);
  });

  it('works without a wire', () => {
    const bus = createBus();
    const heard = vi.fn();
    bus.subscribe('a', heard);
    bus.publish('a');
    expect(heard.mock.calls).toEqual([['']]);
  });

  it('sends what is told together as one text, at most every twenty milliseconds, and the same hint once', async () => {
    const wire = fakeWire();
    const bus = createBus(wire.open);
    for (let n = 0; n < 50; n++) bus.publish(`run/${n % 10}`);
    await pass(0);
    expect(wire.texts.map((text) => decode(text)?.hints.length)).toEqual([10]);
    for (let ms = 0; ms < 100; ms++) {
      bus.publish(`run/${ms}`);
      await pass(1);
    }
    expect(wire.texts.length).toBeLessThanOrEqual(7);
  });

  it('keeps the newest thousand hints while the wire is cut, and sends them when it works again', async () => {
    const wire = fakeWire();
    const [bus, there] = [createBus(wire.open), createBus(wire.open)];
    const heard: string[] = [];
    for (let n = 0; n < 1_500; n++) there.subscribe(`run/${n}`, () => heard.push(`run/${n}`));
    wire.isCut = true;
    for (let n = 0; n < 1_500; n++) {
      bus.publish(`run/${n}`);
      if (n % 100 === 0) await pass(50);
    }
    await pass(3_000);
    wire.isCut = false;
    await pass(1_500);
    expect(heard).toEqual(Array.from({ length: 1_000 }, (_, n) => `run/${n + 500}`));
  });

  it('tells everybody to look when texts may have been missed', () => {
    const wire = fakeWire();
    const bus = createBus(wire.open);
    const heard = vi.fn();
    bus.subscribe('a', heard);
    bus.subscribe('b', heard);
    wire.gap();
    expect(heard.mock.calls).toEqual([[''], ['']]);
  });

  it('sends what it still holds when it is closed, and does not wait for a wire that is cut', async () => {
    const wire = fakeWire();
    const bus = createBus(wire.open);
    bus.publish('a');
    const closed = bus.close();
    await pass(0);
    await closed;
    expect(wire.texts).toHaveLength(1);
    wire.isCut = true;
    const other = createBus(wire.open);
    other.publish('b');
    await pass(0);
    await other.close();
  });

  it.each(['', 'x', '{}', '[]', '[1]', '["s",["a"]]', '["s",["a",1]]', '["s",[["a"],"b"]]', 'null'])(
    'does not mind what others write on the channel: %s',
    (text) => {
      const wire = fakeWire();
      const heard = vi.fn();
      createBus(wire.open).subscribe('a', heard);
      wire.say(text);
      expect(heard).not.toHaveBeenCalled();
    },
  );

  it('refuses to carry data', () => {
    expect(() => createBus().publish('a', 'x'.repeat(HINT_BYTES))).toThrow(/the most is 4000/);
  });
});

it('texts stay below what Postgres takes, also with characters of several bytes', () => {
  const hints = Array.from({ length: 300 }, (_, n) => [`run/${n}`, '"ü\\'.repeat(n)] as const);
  const texts = encode('sender', hints);
  expect(Math.max(...texts.map((text) => Buffer.byteLength(text)))).toBeLessThan(8_000);
  expect(texts.flatMap((text) => decode(text)!.hints)).toEqual(hints);
});
