import type { Page } from 'playwright-core';
import { browser } from './visitor.js';

/**
 * The least that shows moving jobs: a plain table, each number written where it stands. What a frame of it costs is what
 * the browser and the machine cost; the rest is the page's own.
 */
const plainTable = (rows: number) => `<!doctype html><style>
  body { margin: 0; font: 14px sans-serif }
  .list { height: 500px; overflow: auto }
  table { width: 100%; table-layout: fixed }
  tr { height: 46px }
  .bar { height: 5px; background: linear-gradient(blue 0 0) left no-repeat silver }
</style><p id="total"></p><div class="list"><table>${Array.from(
  { length: rows },
  (_, row) => `<tr><td>file ${row}.iso<td>Downloading <span></span><div class="bar"></div><td><td><td>`,
).join('')}</table></div>`;

/** It is open and stands still. */
export async function openBarePage(rows: number): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1180, height: 720 } })).newPage();
  await page.setContent(plainTable(rows));
  return page;
}

/** From here on the first `moving` rows move ten times a second: `done` and `speed` of each after so many frames. */
export async function moveBarePage(page: Page, moving: number, values: { done: number; speed: number }[]): Promise<void> {
  await page.evaluate(
    ({ moving, values }) => {
      const rows = [...document.querySelectorAll('tr')].slice(0, moving);
      let frame = 0;
      setInterval(() => {
        const { done, speed } = values[Math.min(frame++, values.length - 1)]!;
        document.getElementById('total')!.textContent = `${((speed * moving) / 2 ** 20).toFixed(1)} MiB/s`;
        for (const row of rows) {
          const [, state, speedCell, left, size] = row.cells;
          const part = Math.floor(done / 1e7);
          state!.querySelector('span')!.textContent = `${part} %`;
          state!.querySelector('div')!.style.backgroundSize = `${part}% 100%`;
          speedCell!.textContent = `${(speed / 2 ** 20).toFixed(1)} MiB/s`;
          left!.textContent = `${Math.round((1e9 - done) / speed)} s`;
          size!.textContent = `${(done / 2 ** 20).toFixed(1)} MiB of 953.7 MiB`;
        }
      }, 100);
    },
    { moving, values },
  );
}

/** The median time between two frames while a plain list is scrolled `step` pixels in each of `frames`, in ms. */
export async function bareScroll(page: Page, frames: number, step: number): Promise<number> {
  return page.evaluate(
    async ({ frames, step }) => {
      const box = document.querySelector('.list')!;
      const gaps: number[] = [];
      let last = await new Promise<number>(requestAnimationFrame);
      for (let frame = 0; frame < frames; frame++) {
        box.scrollTop += step;
        const now = await new Promise<number>(requestAnimationFrame);
        gaps.push(now - last);
        last = now;
      }
      return gaps.sort((a, b) => a - b)[Math.floor(frames / 2)]!;
    },
    { frames, step },
  );
}
