import { fromPointer } from '../pointer.ts';

/** Where a value stands in the text; offsets count UTF-16 units. */
export interface Place {
  /** First character of the value. */
  readonly start: number;
  /** First character of its key, if it is a field. */
  readonly key?: number;
  /** Places of its fields or elements. */
  readonly items?: ReadonlyMap<string, Place>;
}

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The text of a graph, to find the place of a problem in it. */
export interface Source {
  /**
   * Position of what a JSON Pointer names: for a field that holds a list or map, its key; else the value. A pointer to
   * something that does not exist finds the nearest value around it. `key`: always the key.
   */
  locate(pointer: string, key?: 'key'): Position;
}

/** Makes a source from the places that a reader of the text found. */
export function createSource(text: string, root: Place): Source {
  const toPosition = positionIn(text);
  return {
    locate(pointer, key) {
      let place = root;
      let whole = true;
      for (const segment of fromPointer(pointer)) {
        const inner = place.items?.get(segment);
        if (inner === undefined) {
          whole = false;
          break;
        }
        place = inner;
      }
      const atKey = place.key !== undefined && (!whole || key === 'key' || place.items !== undefined);
      return toPosition(atKey ? place.key! : place.start);
    },
  };
}

/** Turns offsets into lines and columns. */
export function positionIn(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}
