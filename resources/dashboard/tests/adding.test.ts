import { describe, expect, it } from 'vitest';
import { specOf, headerProblem, noOptions } from '../src/add/addition.js';
import { metalinkFiles } from '../src/add/metalink.js';
import { complaints, page, picture, press, server, signedIn, visit } from './visitor.js';

const urls = () => server.hub.calls.filter((call) => call.method === 'job.add').map((call) => call.params?.['url']);
const field = () => page.getByLabel('Address of a file');

/** As a drop of the user's on the page. */
async function drop(items: { text?: string; files?: { name: string; content: string }[] }): Promise<void> {
  await page.evaluate(({ text, files = [] }) => {
    const data = new DataTransfer();
    if (text) data.setData('text/plain', text);
    for (const { name, content } of files) data.items.add(new File([content], name));
    document.body.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, items);
}

async function paste(text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

const sum = 'ab'.repeat(32);
const metalink = `<?xml version="1.0"?><metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="dir/a &amp; b.iso"><size>5</size>
  <hash type="sha-256">${sum.toUpperCase()}</hash><pieces length="1" type="sha-256"><hash>${'cd'.repeat(32)}</hash></pieces>
  <url priority="2">https://slow.example.org/a.iso</url><url priority="1">https://fast.example.org/a.iso?x=1&amp;y=2</url>
  <url>ftp://example.org/a.iso</url></file></metalink>`;

describe('adding', () => {
  it('takes a link that is pasted anywhere, in any view', async () => {
    await signedIn();
    await page.getByRole('link', { name: 'History' }).click();
    await paste('https://example.org/a.iso');
    await page.waitForFunction(() => (document.getElementById('add-url') as HTMLInputElement | null)?.value === 'https://example.org/a.iso');
    await page.keyboard.press('Enter');
    await page.locator('tr[data-job]').waitFor();
    expect(urls()).toEqual(['https://example.org/a.iso']);
  });

  it('asks before it adds a list, in one message', async () => {
    await signedIn();
    const links = Array.from({ length: 120 }, (_, number) => `https://example.org/${number}.iso`);
    await drop({ files: [{ name: 'links.txt', content: `# mine\n${links.join('\r\n')}\n${links[0]}` }] });
    await page.getByRole('dialog').getByRole('button', { name: 'Add 120 links' }).waitFor();
    await picture('links');
    const before = server.messages;
    await press('Add 120 links');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(urls()).toEqual(links);
    expect(server.messages - before).toBeLessThanOrEqual(4);
    expect(complaints).toEqual([]);
  });

  it('keeps the links that could not be added, and says why', async () => {
    await signedIn();
    const command = server.hub.command.bind(server.hub);
    server.hub.command = (method, params) => {
      if (String(params['url']).endsWith('bad.iso')) throw { code: -32602, message: 'No', data: { type: 'invalidUrl' } };
      return command(method, params);
    };
    await paste('https://example.org/good.iso\nhttps://example.org/bad.iso');
    await press('Add 2 links');
    await page.getByRole('alert').filter({ hasText: '1 of 2 links could not be added' }).first().waitFor();
    expect(await page.getByRole('dialog').getByRole('textbox').inputValue()).toBe('https://example.org/bad.iso');
  });

  it('fills the form from a metalink file', async () => {
    await signedIn();
    await drop({ files: [{ name: 'a.meta4', content: metalink }] });
    await page.waitForFunction(() => (document.getElementById('add-url') as HTMLInputElement).value !== '');
    expect(await field().inputValue()).toBe('https://fast.example.org/a.iso?x=1&y=2');
    await page.keyboard.press('Enter');
    await page.locator('tr[data-job]').waitFor();
    const call = server.hub.calls.find(({ method }) => method === 'job.add');
    expect(call?.params).toMatchObject({ name: 'a & b.iso', sha256: sum, mirrors: ['https://slow.example.org/a.iso'] });
  });

  it('says so when a dropped file has no links', async () => {
    await signedIn();
    await drop({ files: [{ name: 'poem.txt', content: 'Roses are red' }] });
    await page.getByRole('alert').filter({ hasText: 'poem.txt: There is no address' }).waitFor();
  });

  it('offers what stands in the address of the page, and adds nothing by itself', async () => {
    server.oneTime.add('one-time');
    await visit('/?add=https%3A%2F%2Fexample.org%2Fb.iso#t=one-time');
    await page.locator('.badge', { hasText: 'Live' }).waitFor();
    await page.waitForFunction(() => (document.getElementById('add-url') as HTMLInputElement).value === 'https://example.org/b.iso');
    expect(page.url()).not.toContain('add=');
    expect(urls()).toEqual([]);
  });

  it('drops text that is a link', async () => {
    await signedIn();
    await drop({ text: 'https://example.org/c.iso' });
    await page.waitForFunction(() => (document.getElementById('add-url') as HTMLInputElement).value === 'https://example.org/c.iso');
  });
});

describe('a spec', () => {
  it('has mirrors, headers and connections when they are given', () => {
    const options = { ...noOptions(), mirrors: 'https://m.org/a\nnothing\n', headers: 'Referer: https://x.org/\n Cookie : a=b', connections: '4' };
    expect(specOf(' https://example.org/a ', options)).toEqual({ kind: 'download', url: 'https://example.org/a', mirrors: ['https://m.org/a'],
      headers: { Referer: 'https://x.org/', Cookie: 'a=b' }, connections: 4 });
    expect(headerProblem('Referer: x\nno header')).toBe('no header');
    expect(headerProblem('')).toBeUndefined();
  });

  it('of a metalink of version 3 prefers by preference', () => {
    const old = `<metalink version="3.0"><files><file name="a"><verification><hash type="sha256">${sum}</hash></verification><resources>
      <url type="http" preference="10">http://b.org/a</url><url type="http" preference="90">http://a.org/a</url></resources></file></files></metalink>`;
    expect(metalinkFiles(old)).toEqual([{ name: 'a', sha256: sum, urls: ['http://a.org/a', 'http://b.org/a'] }]);
    expect(metalinkFiles('no xml')).toEqual([]);
  });
});
