// Authress's JavaScript client as a subject: jobs come as lines of JSON, outcomes go the same way.
'use strict';

const { createRequire } = require('node:module');
const path = require('node:path');
const readline = require('node:readline');

const load = createRequire(path.join(process.env.AUTHRESS_JS, 'index.js'));
const { AuthressClient } = load('@authress/sdk');
const { version } = load('@authress/sdk/package.json');

const { serviceClients } = new AuthressClient({ authressApiUrl: process.env.AUTHRESS_API_URL }, process.env.AUTHRESS_KEY);
const operations = {
  Get: (run, i) => serviceClients.getClient(`sc_run${run}x${i}`),
  Create: (run, i) => serviceClients.createClient({ name: `Client ${i} of run ${run}`, tags: { env: 'bench' } }),
  Delete: (run, i) => serviceClients.deleteClient(`sc_run${run}x${i}`),
};

async function measure({ operation, inFlight, count, run }) {
  const one = operations[operation];
  let next = 0;
  let failed = 0;
  let firstError;
  const loop = async () => {
    while (next < count) {
      try {
        await one(run, next++);
      } catch (error) {
        failed++;
        firstError ??= error.message ?? String(error.status);
      }
    }
  };
  const processor = process.cpuUsage();
  const started = process.hrtime.bigint();
  await Promise.all(Array.from({ length: inFlight }, loop));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { user, system } = process.cpuUsage(processor);
  return { done: count - failed, failed, firstError, seconds, processorSeconds: (user + system) / 1e6 };
}

async function main() {
  console.log(JSON.stringify({ version: `@authress/sdk ${version}, Node ${process.version}` }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await measure(JSON.parse(line))));
  }
}

main();
