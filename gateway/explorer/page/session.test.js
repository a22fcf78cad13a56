import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Session } from './session.js';

const HOUR_MS = 3_600_000;
/** @type {import('vitest').Mock<(url: string) => Promise<Response>>} */
const fetchToken = vi.fn();

/** @param {string} name */
function issue(name) {
  const claims = btoa(JSON.stringify({ sub: name, exp: (Date.now() + HOUR_MS) / 1000 }));
  return Response.json({ token: `h.${claims}.s`, playerId: `id of ${name}` });
}

describe('a session', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    const kept = new Map();
    vi.stubGlobal('fetch', fetchToken);
    vi.stubGlobal('sessionStorage', {
      getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    });
    fetchToken.mockReset();
    fetchToken.mockImplementation(async (url) => issue(url.split('=')[1] ?? ''));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('plays as the first player, with one token however many ask at once', async () => {
    const session = new Session(['Ada', 'Bea']);
    const [one, other] = await Promise.all([session.identity(), session.identity()]);
    expect(one.playerId).toBe('id of Ada');
    expect(other).toBe(one);
    expect(fetchToken).toHaveBeenCalledTimes(1);
  });

  test('says that it changed when another player is chosen, and stays with the choice', async () => {
    const session = new Session(['Ada', 'Bea']);
    const changed = vi.fn();
    session.addEventListener('change', changed);
    await session.identity();
    session.choose('Bea');
    expect(changed).toHaveBeenCalledTimes(1);
    expect((await session.identity()).playerId).toBe('id of Bea');
    expect(new Session(['Ada', 'Bea']).player).toBe('Bea');
    expect(new Session(['Ada', 'Cyd']).player).toBe('Ada');
  });

  test('renews the token a minute before it expires, and says so', async () => {
    const session = new Session(['Ada']);
    const changed = vi.fn();
    session.addEventListener('change', changed);
    const first = await session.identity();
    await vi.advanceTimersByTimeAsync(HOUR_MS - 61_000);
    expect(await session.identity()).toBe(first);
    expect(changed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(await session.identity()).not.toBe(first);
  });

  test('looks at the clock as well, for a machine that slept', async () => {
    const session = new Session(['Ada']);
    const first = await session.identity();
    vi.setSystemTime(Date.now() + HOUR_MS);
    const [second, third] = await Promise.all([session.identity(), session.identity()]);
    expect(second).not.toBe(first);
    expect(third).toBe(second);
  });

  test('asks again after a failure', async () => {
    fetchToken.mockResolvedValueOnce(new Response('', { status: 503 }));
    const session = new Session(['Ada']);
    await expect(session.identity()).rejects.toThrow('No token for Ada: HTTP 503');
    expect((await session.identity()).playerId).toBe('id of Ada');
  });
});
