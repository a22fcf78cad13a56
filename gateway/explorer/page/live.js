import { EventList } from './event-list.js';

/**
 * The running subscriptions, one a tab. GraphiQL ends a subscription when the reader turns to another tab, where
 * the mutation is whose event they wait for; here it goes on, and its events are listed below GraphiQL until the
 * reader stops it.
 *
 * @typedef {{ next(result: unknown): void, error(error: unknown): void, complete(): void }} Sink
 * @typedef {{ tabs: { id: string, title: string }[], activeTabIndex: number }} Tabs
 * @typedef {typeof import('graphql-ws/client').createClient} CreateClient
 */
export class Live {
  #createClient;
  #session;
  #element;
  /** @type {Tabs} */
  #tabs = { tabs: [], activeTabIndex: 0 };
  /** @type {Map<string, () => void>} by tab: ends its subscription and takes its events away */
  #closers = new Map();

  /**
   * @param {{
   *   createClient: CreateClient,
   *   session: import('./session.js').Session | null,
   *   element: HTMLElement,
   * }} deps
   */
  constructor({ createClient, session, element }) {
    this.#createClient = createClient;
    this.#session = session;
    this.#element = element;
  }

  /** @param {Tabs} tabs GraphiQL's, as they are now */
  setTabs = (tabs) => {
    this.#tabs = tabs;
  };

  /**
   * Runs a subscription for the active tab, in place of the one it had.
   *
   * @param {import('./fetcher.js').Operation} operation
   * @param {() => Promise<Record<string, string>>} getHeaders asked again on every connection
   * @param {Sink} sink GraphiQL's response pane
   * @returns {() => void} for GraphiQL to let go of it
   */
  start(operation, getHeaders, sink) {
    const tab = this.#activeTab();
    this.#closers.get(tab.id)?.();

    let watched = true;
    const list = new EventList({ title: tab.title, onStop: () => stop(), onClose: () => close() });
    const stop = this.#subscribe(operation, getHeaders, list, {
      next: (result) => watched && sink.next(result),
      error: (error) => watched && sink.error(error),
      complete: () => watched && sink.complete(),
    });
    const close = () => {
      stop();
      list.element.remove();
      this.#element.hidden = this.#element.childElementCount === 0;
      this.#closers.delete(tab.id);
    };
    this.#closers.set(tab.id, close);
    this.#element.prepend(list.element);
    this.#element.hidden = false;

    return () => {
      watched = false;
      // GraphiQL lets go just before it says that the tab changed, and also when Stop was pressed.
      queueMicrotask(() => {
        const tabIsOpen = this.#tabs.tabs.some(({ id }) => id === tab.id);
        if (this.#activeTab().id === tab.id || !tabIsOpen) stop();
      });
    };
  }

  /**
   * @param {import('./fetcher.js').Operation} operation
   * @param {() => Promise<Record<string, string>>} getHeaders
   * @param {EventList} list
   * @param {Sink} sink
   * @returns {() => void} stops it
   */
  #subscribe(operation, getHeaders, list, sink) {
    const client = this.#createClient({
      url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
      connectionParams: getHeaders,
      // A gateway that restarts is back within seconds. Refusals (4401 and the like) are final all the same.
      shouldRetry: () => true,
      retryAttempts: 20,
      retryWait: (retries) => new Promise((done) => setTimeout(done, Math.min(250 * 2 ** retries, 5_000))),
    });
    client.on('connecting', () => list.setStatus('Connecting…', true));
    client.on('connected', () => {
      list.setStatus(this.#session ? `Listening as ${this.#session.player}` : 'Listening', true);
    });
    const signInAgain = () => client.terminate();
    this.#session?.addEventListener('change', signInAgain);
    /** @param {string} status */
    const ended = (status) => {
      this.#session?.removeEventListener('change', signInAgain);
      list.setStatus(status, false);
    };

    return client.subscribe(/** @type {import('graphql-ws').SubscribePayload} */ (operation), {
      next: (result) => {
        list.add(result.data && !result.errors ? result.data : result);
        sink.next(result);
      },
      error: (error) => {
        ended('Failed');
        list.add(describe(error));
        sink.error(describe(error));
      },
      complete: () => {
        ended('Ended');
        sink.complete();
      },
    });
  }

  #activeTab() {
    return this.#tabs.tabs[this.#tabs.activeTabIndex] ?? { id: '', title: 'Subscription' };
  }
}

/**
 * @param {unknown} error the server's GraphQL errors, or why the socket closed or never opened
 * @returns {{ errors: unknown[] }}
 */
function describe(error) {
  if (Array.isArray(error)) return { errors: error };
  if (error instanceof CloseEvent) {
    return { errors: [{ message: error.reason || 'The connection closed', code: error.code }] };
  }
  return { errors: [{ message: error instanceof Error ? error.message : 'No connection to the gateway' }] };
}
