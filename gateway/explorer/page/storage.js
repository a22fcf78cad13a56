/**
 * localStorage under a prefix of our own: gateways in development share `localhost:4000`, and another project's
 * tabs would hide the examples.
 */
const PREFIX = 'fellowship:';

/** @returns {string[]} */
const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

export const storage = {
  /** @param {string} key */
  getItem: (key) => localStorage.getItem(PREFIX + key),
  /** @param {string} key @param {string} value */
  setItem: (key, value) => localStorage.setItem(PREFIX + key, value),
  /** @param {string} key */
  removeItem: (key) => localStorage.removeItem(PREFIX + key),
  get length() {
    return ownKeys().length;
  },
  clear() {
    for (const key of ownKeys()) localStorage.removeItem(key);
  },
};
