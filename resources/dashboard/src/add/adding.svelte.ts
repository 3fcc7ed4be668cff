import { noOptions } from './addition.js';
import { metalinkFiles, type MetalinkFile } from './metalink.js';

/** What somebody is about to add: one address in the form, or several in a dialog. */
export class Adding {
  url = $state('');
  options = $state(noOptions());
  /** Addresses in the dialog, one on each line; undefined while it is closed. */
  list = $state<string | undefined>();
  /** Counts up when the form should be looked at. */
  calls = $state(0);

  /** One address goes into the form, several into the dialog. False: there was none. */
  offer(links: readonly string[]): boolean {
    const [first] = links;
    if (first === undefined) return false;
    if (links.length === 1) this.url = first;
    else this.list = links.join('\n');
    this.calls += 1;
    return true;
  }

  /** The file that a metalink describes: its addresses, name and checksum fill the form. */
  offerMetalink(xml: string): boolean {
    const files = metalinkFiles(xml);
    if (files.length > 1) return this.offer(files.flatMap(({ urls }) => urls.slice(0, 1)));
    const [file] = files;
    return file !== undefined && this.fill(file);
  }

  /** For what comes next: the choices stay, what belongs to one file goes. */
  clear(): void {
    this.url = '';
    Object.assign(this.options, { name: '', sha256: '', moveTo: '', mirrors: '', headers: '', unpack: false });
  }

  private fill({ name, sha256, urls }: MetalinkFile): boolean {
    Object.assign(this.options, { fetch: 'file', name, sha256, mirrors: urls.slice(1).join('\n') });
    return this.offer(urls.slice(0, 1));
  }
}
