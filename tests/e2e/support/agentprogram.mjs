// A program that is an agent: it does work of one kind over the native socket, and connects again when the hub
// was gone.
//
//     node agentprogram.mjs ENDPOINT NAME CAPABILITY LEASE_MS [--at-once]
//
// ENDPOINT is the hub's endpoint.json. Tells on stdout what it does, a line each: "begin JOB SPEC", "end JOB",
// "canceled". It goes on with its work until SIGUSR2, with --at-once not at all.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { NativeClient } from './nativeclient.mjs';

const [endpoint, name, capability, leaseMs, atOnce] = process.argv.slice(2);
const reconnectMs = 100;
const progressMs = 200;
let mayEnd = atOnce === '--at-once';
let work = null;

process.on('SIGUSR2', () => {
  mayEnd = true;
});

async function connected() {
  for (;;) {
    const client = new NativeClient();
    try {
      await client.connect(JSON.parse(readFileSync(endpoint, 'utf8')));
      return client;
    } catch {
      await pause(reconnectMs);
    }
  }
}

async function serve(client) {
  let isOpen = true;
  client.on('close', () => {
    isOpen = false;
  });
  const offers = [];
  client.on('notified', ({ method, params }) => {
    if (method === 'agent.offer') offers.push(params);
    if (method === 'agent.canceled' && work?.offer === params.offer) {
      work = null;
      console.log('canceled');
    }
  });
  const { current } = await client.call('agent.register', { name, capabilities: [capability], leaseMs: Number(leaseMs) });
  if (work && current?.offer !== work.offer) work = null;
  while (isOpen) {
    if (!work && offers.length > 0) await begin(client, offers.shift());
    else if (work) await goOn(client);
    await pause(work ? progressMs : 20);
  }
}

async function begin(client, offer) {
  await client.call('agent.accept', { offer: offer.offer });
  work = offer;
  console.log(`begin ${offer.job} ${JSON.stringify(offer.spec)}`);
}

async function goOn(client) {
  const { offer, job } = work;
  if (!mayEnd) return client.call('agent.progress', { offer, progress: 0.5, message: `with ${name}` });
  await client.call('agent.complete', { offer, outputs: { file: `/made/by/${name}` } });
  work = null;
  console.log(`end ${job}`);
}

for (;;) {
  const client = await connected();
  await serve(client).catch(() => {});
  client.cut();
}
