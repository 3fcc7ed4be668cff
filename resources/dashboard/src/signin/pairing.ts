/** The browser, as the user knows it, by what it says of itself. */
export function browserName(userAgent: string): string {
  const names: [RegExp, string][] = [[/Firefox\//, 'Firefox'], [/Edg\//, 'Edge'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari']];
  return names.find(([sign]) => sign.test(userAgent))?.[1] ?? 'Browser';
}
