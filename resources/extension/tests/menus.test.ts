import { beforeEach, describe, expect, test } from 'vitest';
import de from '../public/_locales/de/messages.json';
import en from '../public/_locales/en/messages.json';
import { createMenus } from '../src/send/menus.js';
import { putFakeChrome } from './fakechrome.js';

interface Item {
  id: string;
  title: string;
  contexts: string[];
}

let items: Item[];
let language: Record<string, { message: string }>;

/** As browsers do: an id is given once, and what was removed is gone when that is said. */
const contextMenus = {
  removeAll: (done: () => void) => {
    setTimeout(() => {
      items = [];
      done();
    });
  },
  create: (item: Item) => {
    if (items.some(({ id }) => id === item.id)) throw new Error(`Cannot create item with duplicate id ${item.id}`);
    items.push(item);
  },
};
putFakeChrome({ contextMenus, i18n: { getMessage: (name: string) => language[name]?.message } });

/** What is in the menus once they are there. */
async function created(): Promise<Item[]> {
  createMenus();
  await new Promise((resolve) => setTimeout(resolve));
  return items;
}

beforeEach(() => {
  items = [];
  language = en;
});

describe('the menus', () => {
  test('have an item for each thing that can be clicked, and say what it does', async () => {
    expect(await created()).toEqual([
      { id: 'link', title: 'Download link with Dray', contexts: ['link'] },
      { id: 'selection', title: 'Download selected links with Dray', contexts: ['selection'] },
      { id: 'image', title: 'Download image with Dray', contexts: ['image'] },
      { id: 'film', title: 'Download video or sound with Dray', contexts: ['video', 'audio'] },
      { id: 'page', title: 'Download what is on this page with Dray', contexts: ['page'] },
    ]);
  });

  test('are made once, also after an update and at each start', async () => {
    const first = await created();
    expect(await created()).toEqual(first);
  });

  test('speak the language of the browser', async () => {
    language = de;
    const titles = (await created()).map(({ title }) => title);
    expect(titles).toEqual([de.menuLink, de.menuSelection, de.menuImage, de.menuFilm, de.menuPage].map(({ message }) => message));
    expect(titles[0]).not.toBe(en.menuLink.message);
  });
});
