/** Rows beyond the edge that are drawn too, so that a quick scroll shows no gap. */
const spare = 4;

/** Which of `count` rows of one height are seen, as [first, end). */
export function seenRows(count: number, rowHeight: number, top: number, height: number): [number, number] {
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + spare);
  return [Math.min(first, count), Math.max(end, Math.min(first, count))];
}

/** The row that Tab leads to: the one at `place`, or the first that is drawn. */
export function entryRow(place: number, [first, end]: [number, number]): number {
  return place >= first && place < end ? place : first;
}

/** The scroll position that shows row `index` whole, under a heading of `head`; the present one when it does. */
export function scrollFor(index: number, rowHeight: number, view: { top: number; height: number; head: number }): number {
  const begin = index * rowHeight;
  if (begin < view.top) return begin;
  const end = begin + rowHeight + view.head;
  return end > view.top + view.height ? end - view.height : view.top;
}
