// Starts a server on the directory in argv and keeps it, for tests that kill or compete with its owner.
import { startEmbeddedPostgres } from './index.ts';

const [dataDirectory = ''] = process.argv.slice(2);
const log = { info: console.error, error: console.error };
const server = await startEmbeddedPostgres({ dataDirectory, durable: false, log });
console.log(JSON.stringify({ url: server.url('postgres') }));
process.once('SIGTERM', () => server.stop().then(() => process.exit(0)));
setInterval(() => {}, 60_000);
