import { createFetcher } from './fetcher.js';
import { Live } from './live.js';
import { connectPlayerControl } from './player-control.js';
import { Session } from './session.js';
import { storage } from './storage.js';

/** @type {import('../page.ts').PageConfig} */
const config = JSON.parse(document.getElementById('config')?.textContent ?? '');

const session = config.players.length > 0 ? new Session(config.players) : null;
if (session) connectPlayerControl(session);

const WORKERS = /** @type {Record<string, string>} */ ({
  json: 'jsonWorker.js',
  graphql: 'graphqlWorker.js',
});
Object.assign(globalThis, {
  MonacoEnvironment: {
    /** @param {unknown} _ @param {string} label */
    getWorker: (_, label) =>
      new Worker(`${config.assets.ruru}${WORKERS[label] ?? 'editorWorker.js'}`, { type: 'module' }),
  },
});

const [{ React, Ruru, createRoot }, { createClient }] = await Promise.all([
  import(`${config.assets.ruru}ruru.js`),
  import(`${config.assets.graphqlWs}client.js`),
]);

const element = /** @type {HTMLElement} */ (document.getElementById('live'));
const live = new Live({ createClient, session, element });
const props = {
  fetcher: createFetcher({ session, live, standIns: config.standIns }),
  defaultTabs: config.tabs.map(({ title, query, variables }) => ({
    query: `${title.replaceAll(/^/gm, '# ')}\n${query}\n`,
    variables: variables && JSON.stringify(variables, null, 2),
  })),
  onTabChange: live.setTabs,
  storage,
};
createRoot(document.getElementById('graphiql')).render(React.createElement(Ruru, props));
