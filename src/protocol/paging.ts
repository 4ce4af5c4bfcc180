import { ValidationError } from '../kernel/errors.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; absent on the last. */
  readonly nextCursor?: string;
}

/**
 * The items after the one that a cursor names, as many as fit a page. Named by key and not by place: what is listed may
 * change between two pages. Throws `ValidationError` for a cursor that this list never gave out.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  cursor: string | undefined,
  size: number,
): Page<Item> {
  const start = cursor === undefined ? 0 : placeAfter(items, keyOf, cursor);
  const end = start + size;
  const last = items[end - 1];
  return {
    items: items.slice(start, end),
    ...(last !== undefined && end < items.length && { nextCursor: cursorOf(keyOf(last)) }),
  };
}

function placeAfter<Item>(items: readonly Item[], keyOf: (item: Item) => string, cursor: string): number {
  const index = items.findIndex((item) => cursorOf(keyOf(item)) === cursor);
  if (index < 0)
    throw new ValidationError(
      'Unknown cursor: this list did not give it out. List again from the beginning.',
    );
  return index + 1;
}

function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}
