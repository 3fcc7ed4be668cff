/** Light, dark, or what the computer is set to. */
export type Theme = 'system' | 'light' | 'dark';

const storeKey = 'dray.theme';

export const themeStore = {
  read(): Theme {
    const stored = localStorage.getItem(storeKey);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  },
  write: (theme: Theme): void => localStorage.setItem(storeKey, theme),
};

export function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
