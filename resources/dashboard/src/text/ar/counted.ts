/** The forms that Arabic has for a number of things: none, one, two, 3 to 10, 11 to 99, and the hundreds. */
export type Forms = Record<Intl.LDMLPluralRule, string>;

const rules = new Intl.PluralRules('ar');

export function counted(count: number, forms: Forms): string {
  return forms[rules.select(count)];
}
