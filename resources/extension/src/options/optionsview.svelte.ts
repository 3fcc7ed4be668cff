import { askFor, type Feature } from '../shared/permissions.js';
import { changeSettings, defaultSettings, keepPass, readSettings, readToken, watchSettings, type Pass, type Settings } from '../shared/settings.js';

/** The settings as they are kept; every change is kept at once. */
export class OptionsView {
  settings = $state.raw<Settings>(defaultSettings);
  isPaired = $state(false);
  isLoaded = $state(false);

  async start(): Promise<void> {
    watchSettings(() => void this.read());
    await this.read();
  }

  async change(change: Partial<Settings>): Promise<void> {
    await changeSettings(change);
    await this.read();
  }

  /** Switches a feature; false when the user did not give it what it needs. */
  async switchFeature(feature: Feature, isOn: boolean): Promise<boolean> {
    if (isOn && !(await askFor(feature))) return false;
    await this.change({ [feature]: isOn });
    // What it needed is given back by the worker, which may still be using it.
    if (!isOn) void chrome.runtime.sendMessage({ giveBack: true }).catch(() => undefined);
    return true;
  }

  /** The address may have been changed since that hub was asked. */
  async paired(pass: Pass): Promise<void> {
    await keepPass(pass);
    await this.read();
  }

  async unpair(): Promise<void> {
    await keepPass(null);
    await this.read();
  }

  private async read(): Promise<void> {
    const [settings, token] = await Promise.all([readSettings(), readToken()]);
    this.settings = settings;
    this.isPaired = token !== undefined;
    this.isLoaded = true;
  }
}
