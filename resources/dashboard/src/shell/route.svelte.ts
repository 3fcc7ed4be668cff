/** Where the reader is: `#/VIEW` or `#/VIEW/ITEM`. Anything else is the first view. */
export class Route {
  view = $state('');
  item = $state<string | undefined>();

  constructor(private readonly names: readonly string[], private readonly place: Location) {
    this.read();
  }

  read(): void {
    const [, view = '', item] = /^#\/([a-z]+)(?:\/([A-Za-z0-9_.-]{1,64}))?$/.exec(this.place.hash) ?? [];
    this.view = this.names.includes(view) ? view : (this.names[0] ?? '');
    this.item = this.names.includes(view) ? item : undefined;
  }

  /** Going there is a step back for the browser's button; an item replaces the one that was open. */
  go(view: string, item?: string): void {
    const hash = item === undefined ? `#/${view}` : `#/${view}/${item}`;
    if (view === this.view && (item === undefined) === (this.item === undefined)) history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
    this.read();
  }
}
