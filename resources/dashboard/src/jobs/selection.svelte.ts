export interface Modifiers {
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/**
 * Which rows are chosen, and at which the reader is. `order` is always the ids as they are shown.
 *
 *   click          that one alone      ctrl: it too, or not      shift: from the anchor to it
 *   arrows         the next one        ctrl: only go there       shift: from the anchor to it
 */
export class Selection {
  ids = $state.raw<ReadonlySet<string>>(new Set());
  /** Where the reader is; undefined before the first step. */
  cursor = $state<string | undefined>();
  /** Where a range begins. */
  private anchor: string | undefined;

  has(id: string): boolean {
    return this.ids.has(id);
  }

  click(id: string, modifiers: Modifiers, order: readonly string[]): void {
    if (modifiers.shiftKey) this.extendTo(id, order);
    else if (modifiers.ctrlKey || modifiers.metaKey) this.toggle(id);
    else this.only(id);
  }

  /** Goes to `id`, as an arrow key does. */
  step(id: string, modifiers: Modifiers, order: readonly string[]): void {
    if (modifiers.shiftKey) this.extendTo(id, order);
    else if (modifiers.ctrlKey || modifiers.metaKey) this.cursor = id;
    else this.only(id);
  }

  only(id: string): void {
    this.ids = new Set([id]);
    this.anchor = this.cursor = id;
  }

  toggle(id: string): void {
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    this.ids = ids;
    this.anchor = this.cursor = id;
  }

  all(order: readonly string[]): void {
    this.ids = new Set(order);
  }

  none(): void {
    this.ids = new Set();
  }

  /** What is not shown is not chosen. */
  keep(order: readonly string[]): void {
    if (this.ids.size === 0) return;
    const shown = new Set(order);
    if ([...this.ids].some((id) => !shown.has(id))) this.ids = new Set([...this.ids].filter((id) => shown.has(id)));
  }

  private extendTo(id: string, order: readonly string[]): void {
    this.anchor ??= this.cursor ?? id;
    const from = Math.max(0, order.indexOf(this.anchor));
    const to = Math.max(0, order.indexOf(id));
    this.ids = new Set(order.slice(Math.min(from, to), Math.max(from, to) + 1));
    this.cursor = id;
  }
}
