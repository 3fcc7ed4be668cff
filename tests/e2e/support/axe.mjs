// What axe-core says against a page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One line for each violation. `web` is the folder whose node_modules holds axe-core. */
export async function violations(page, web) {
  const axe = createRequire(path.join(web, 'package.json')).resolve('axe-core/axe.min.js');
  await page.evaluate(readFileSync(axe, 'utf8'));
  return page.evaluate(async (runOnly) => {
    const { violations: found } = await window.axe.run({ runOnly });
    return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, rules);
}
