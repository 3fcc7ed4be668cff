import { isOfOneFile, noOptions, optionsOfAll, toldOptions } from './addition.js';
import { fileAt, linksOf, type WebFile } from './links.js';

/** What somebody is about to add: one file in the form, or several in a dialog. */
export class Adding {
  options = $state(noOptions());
  /** Addresses in the dialog, one on each line; undefined while it is closed. */
  list = $state<string | undefined>();
  /** What was dropped into the dialog and cannot be added. */
  problem = $state('');
  /** Counts up when the form should be looked at. */
  calls = $state(0);
  private address = $state('');
  /** The last address in the form since it was cleared: what the form says belongs to it. */
  private lastUrl = '';
  /** What a metalink told of the file in the form. */
  private told: WebFile | undefined;
  /** What metalinks told of files in the dialog, by their first address. */
  private listed = $state.raw<ReadonlyMap<string, WebFile>>(new Map());

  /** The address in the form. What a metalink told of another one goes when this is set. */
  get url(): string {
    return this.address;
  }

  set url(url: string) {
    this.address = url;
    this.lastUrl = url.trim() || this.lastUrl;
    if (this.told === undefined || this.told.urls.includes(url.trim())) return;
    Object.assign(this.options, toldOptions({ name: '', sha256: '', urls: [] }));
    this.told = undefined;
  }

  /** The files of the dialog, as its lines are. */
  readonly files: WebFile[] = $derived(linksOf(this.list ?? '').map((url) => this.listed.get(url) ?? fileAt(url)));

  /** One file goes into the form, several into the dialog, and all of them while it is open. False: there was none. */
  offer(files: readonly WebFile[]): boolean {
    const [first] = files;
    if (first === undefined) return false;
    if (files.length === 1 && this.list === undefined) this.fill(first);
    else this.enlist(files);
    this.calls += 1;
    return true;
  }

  /** For what comes next: the choices stay, what belongs to one file goes. */
  clear(): void {
    this.address = '';
    this.lastUrl = '';
    this.told = undefined;
    Object.assign(this.options, optionsOfAll(this.options));
  }

  /** These of the dialog were added. The form lets go of its address among them, unless it says more of that file. */
  added(urls: readonly string[]): void {
    if (urls.includes(this.url.trim()) && !isOfOneFile(this.options)) this.clear();
  }

  /** The dialog is closed. */
  leaveList(): void {
    this.list = undefined;
    this.problem = '';
    this.listed = new Map();
  }

  private fill(file: WebFile): void {
    const [url = ''] = file.urls;
    if (this.lastUrl && this.lastUrl !== url) this.clear();
    this.url = url;
    if (!file.name) return;
    Object.assign(this.options, toldOptions(file));
    this.told = file;
  }

  private enlist(files: readonly WebFile[]): void {
    const told = files.filter(({ name }) => name).map((file): [string, WebFile] => [file.urls[0] ?? '', file]);
    this.listed = new Map([...this.listed, ...told]);
    this.list = [this.list ?? '', ...files.map(({ urls }) => urls[0])].filter(Boolean).join('\n');
  }
}
