/**
 * Who the reader plays as, and that player's token. Fires `change` when open sockets must sign in again: another
 * player was chosen, or the token is about to expire.
 *
 * @typedef {{ token: string, playerId: string }} Identity
 */

const STORAGE_KEY = 'fellowship:player';
const RENEW_BEFORE_MS = 60_000;
/** However short a token's life, it is not fetched more often than this. */
const SHORTEST_LIFE_MS = 5_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Session extends EventTarget {
  /** @type {Promise<Identity> | undefined} */
  #identity;
  /** When it is to be replaced, in ms since the epoch. */
  #renewAt = Number.POSITIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #renewal;

  /** @param {string[]} players at least one; the choice is kept for this browser window only, so two can differ */
  constructor(players) {
    super();
    const last = sessionStorage.getItem(STORAGE_KEY);
    this.player = players.find((name) => name === last) ?? players[0] ?? '';
  }

  /** @param {string} name */
  choose(name) {
    this.player = name;
    sessionStorage.setItem(STORAGE_KEY, name);
    this.#renew();
  }

  /** A token good for a minute at least. */
  async identity() {
    // Timers sleep with the machine, so the clock is asked as well.
    if (Date.now() >= this.#renewAt) this.#identity = undefined;
    this.#identity ??= this.#issue(this.player);
    try {
      return await this.#identity;
    } catch (error) {
      this.#identity = undefined;
      throw error;
    }
  }

  #renew() {
    this.#identity = undefined;
    this.dispatchEvent(new Event('change'));
  }

  /** @param {string} name @returns {Promise<Identity>} */
  async #issue(name) {
    this.#renewAt = Number.POSITIVE_INFINITY;
    const response = await fetch(`/explorer/token?name=${encodeURIComponent(name)}`);
    if (!response.ok) throw new Error(`No token for ${name}: HTTP ${response.status}`);
    const { token, playerId } = await response.json();
    const wait = Math.max(expiryOf(token) - Date.now() - RENEW_BEFORE_MS, SHORTEST_LIFE_MS);
    this.#renewAt = Date.now() + wait;
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => this.#renew(), Math.min(wait, LONGEST_TIMER_MS));
    return { token, playerId };
  }
}

/** @param {string} token a JWT @returns {number} when it expires, in ms since the epoch */
function expiryOf(token) {
  const claims = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  return JSON.parse(atob(claims)).exp * 1000;
}
