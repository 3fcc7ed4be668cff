import { describe, expect, it } from 'vitest';
import { specOf, headerProblem, noOptions } from '../src/add/addition.js';
import { metalinkFiles } from '../src/add/metalink.js';
import { complaints, page, picture, press, server, signedIn, visit } from './visitor.js';

const orders = () => server.hub.calls.filter((call) => call.method === 'job.add').map((call) => ({ ...call.params, idem: undefined }));
const urls = () => server.hub.calls.filter((call) => call.method === 'job.add').map((call) => call.params?.['url']);
const dialog = () => page.getByRole('dialog');
const field = () => page.getByLabel('Address of a file');

/** As a drop of the user's on the page; `zeros` bytes follow the content of a file. */
async function drop(items: { text?: string; files?: { name: string; content: string; zeros?: number }[] }): Promise<void> {
  await page.evaluate(({ text, files = [] }) => {
    const data = new DataTransfer();
    if (text) data.setData('text/plain', text);
    for (const { name, content, zeros = 0 } of files) data.items.add(new File([content, new Uint8Array(zeros)], name));
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

/** What belongs to one file, typed into the form. */
async function typeOfOneFile(): Promise<void> {
  await page.locator('summary', { hasText: 'Options' }).click();
  await page.getByLabel('Save as').fill('mine.iso');
  await page.getByLabel('Move to when finished').fill('/srv/mine');
  await page.getByLabel('Expected SHA-256').fill(sum);
  await page.getByLabel('Other addresses').fill('https://mirror.example.org/mine.iso');
  await page.getByLabel('Header lines').fill('Cookie: secret=1');
  await page.getByLabel('Unpack when finished').check();
}

const sum = 'ab'.repeat(32);
const metalink = `<?xml version="1.0"?><metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="dir/a &amp; b.iso"><size>5</size>
  <hash type="sha-256">${sum.toUpperCase()}</hash><pieces length="1" type="sha-256"><hash>${'cd'.repeat(32)}</hash></pieces>
  <url priority="2">https://slow.example.org/a.iso</url><url priority="1">https://fast.example.org/a.iso?x=1&amp;y=2</url>
  <url>ftp://example.org/a.iso</url></file></metalink>`;
const fileOf = (name: string) => `<file name="${name}"><hash type="sha-256">${sum}</hash><url priority="2">https://slow.example.org/${name}</url>
  <url priority="1">https://fast.example.org/${name}</url></file>`;
const metalinkOfTwo = `<metalink xmlns="urn:ietf:params:xml:ns:metalink">${fileOf('b.iso')}${fileOf('c.iso')}</metalink>`;
const orderOf = (name: string) => ({ kind: 'download', url: `https://fast.example.org/${name}`, name, sha256: sum, mirrors: [`https://slow.example.org/${name}`] });

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

  it('keeps what belongs to one file from the links of a list, and says so', async () => {
    await signedIn();
    await typeOfOneFile();
    await page.getByLabel('If it exists').selectOption('skip');
    await drop({ text: 'https://one.example.org/1.iso\nhttps://two.example.org/2.iso' });
    await dialog().getByText('stays in the form').waitFor();
    await press('Add 2 links');
    await dialog().waitFor({ state: 'detached' });
    expect(orders()).toEqual(['https://one.example.org/1.iso', 'https://two.example.org/2.iso'].map((url) => ({ kind: 'download', url, ifExists: 'skip' })));
    expect(await page.getByLabel('Header lines').inputValue()).toBe('Cookie: secret=1');
    expect(await page.getByLabel('Save as').inputValue()).toBe('mine.iso');
  });

  it('lets go of an address of the form that was added with a list', async () => {
    await signedIn();
    await field().fill('https://example.org/a.iso');
    await press('Several links');
    expect(await dialog().getByText('stays in the form').count()).toBe(0);
    await dialog().getByRole('textbox').fill('https://example.org/a.iso\nhttps://example.org/b.iso');
    await press('Add 2 links');
    await dialog().waitFor({ state: 'detached' });
    expect(await field().inputValue()).toBe('');
  });

  it.each([
    ['is dropped', () => drop({ text: 'https://example.org/other.iso' })],
    ['is written over it', () => field().fill('https://example.org/other.iso')],
  ])('gives nothing of a metalink to another link that %s', async (_, offer) => {
    await signedIn();
    await drop({ files: [{ name: 'a.meta4', content: metalink }] });
    await page.waitForFunction(() => (document.getElementById('add-url') as HTMLInputElement).value.includes('fast'));
    await offer();
    await page.waitForFunction(() => (document.getElementById('add-url') as HTMLInputElement).value.includes('other'));
    await page.keyboard.press('Enter');
    await page.locator('tr[data-job]').waitFor();
    expect(orders()).toEqual([{ kind: 'download', url: 'https://example.org/other.iso' }]);
  });

  it('gives nothing that was typed for one link to the next that is dropped', async () => {
    await signedIn();
    await typeOfOneFile();
    await drop({ text: 'https://example.org/mine.iso' });
    await page.waitForFunction(() => (document.getElementById('add-url') as HTMLInputElement).value.includes('mine'));
    expect(await page.getByLabel('Header lines').inputValue()).toBe('Cookie: secret=1');
    await field().fill('');
    await drop({ text: 'https://example.org/other.iso' });
    await page.waitForFunction(() => (document.getElementById('add-url') as HTMLInputElement).value.includes('other'));
    await page.keyboard.press('Enter');
    await page.locator('tr[data-job]').waitFor();
    expect(orders()).toEqual([{ kind: 'download', url: 'https://example.org/other.iso' }]);
  });

  it('adds every file of a metalink with its name, checksum and mirrors', async () => {
    await signedIn();
    await drop({ files: [{ name: 'two.meta4', content: metalinkOfTwo }] });
    await dialog().getByRole('listitem').filter({ hasText: 'c.iso' }).waitFor();
    expect(await dialog().getByRole('listitem').allTextContents()).toEqual(['b.iso SHA-256, Mirrors: 1', 'c.iso SHA-256, Mirrors: 1']);
    await picture('metalink');
    await press('Add 2 links');
    await dialog().waitFor({ state: 'detached' });
    expect(orders()).toEqual([orderOf('b.iso'), orderOf('c.iso')]);
    expect(complaints).toEqual([]);
  });

  it('adds what several files that are dropped at once tell', async () => {
    await signedIn();
    const list = { name: 'links.txt', content: 'https://example.org/a.iso' };
    await drop({ files: [list, { name: 'two.meta4', content: metalinkOfTwo }, { name: 'poem.txt', content: 'Roses are red' }] });
    await dialog().getByRole('alert').filter({ hasText: 'poem.txt' }).waitFor();
    await press('Add 3 links');
    await dialog().waitFor({ state: 'detached' });
    expect(orders()).toEqual([{ kind: 'download', url: 'https://example.org/a.iso' }, orderOf('b.iso'), orderOf('c.iso')]);
  });

  it('says so when a dropped file is too large, and what can be dropped', async () => {
    await signedIn();
    await drop({ files: [{ name: 'debian.iso', content: '', zeros: 1024 * 1024 + 1 }] });
    await page.getByRole('alert').filter({ hasText: 'debian.iso: It is too large' }).filter({ hasText: 'metalinks of up to 1 MiB' }).waitFor();
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
