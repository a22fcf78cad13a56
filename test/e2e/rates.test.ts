import { describe, expect, it } from 'vitest';
import { post } from '../kit/client.ts';
import { startStack, topologies } from '../kit/stack.ts';

/** Between the two, `services` has nothing of its own to show. */
const these = topologies.filter((topology) => topology !== 'services');

describe.each(these)('rates, %s', (topology) => {
  it('are of the player, whichever gateway is asked, and wrong guesses whichever subgraph', async () => {
    const test = await startStack(topology, {
      LIMIT_PLAYER_POINTS: '60',
      LIMIT_RATE_SECONDS: '600',
      LIMIT_GUESSES: '2',
    });
    try {
      const { urls } = test;
      const [ada, bea] = [await test.player('Ada'), await test.player('Bea')];
      const ask = (query: string, { token }: typeof ada, time: number) =>
        post(urls[time % urls.length] ?? test.url, { query }, token);
      const refusal = (what: string) => ({
        message: expect.stringContaining(`Too many ${what}: try again in`),
        extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number), requestId: expect.any(String) },
      });

      const guess = '{ groupInvite(code: "ABCD2345") { groupName } }';
      const guesses = [];
      for (let time = 0; time < 4; time++) guesses.push(await ask(guess, ada, time));
      expect(guesses.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
      expect(guesses.map(({ data, errors }) => errors ?? data)).toMatchObject([
        { groupInvite: null },
        { groupInvite: null },
        [refusal('wrong guesses')],
        [refusal('wrong guesses')],
      ]);

      const answers = await Promise.all(
        Array.from({ length: 80 }, (_, time) => ask('{ me { id } }', bea, time)),
      );
      const refused = answers.filter(({ errors }) => errors !== undefined);
      expect(refused).toHaveLength(20);
      for (const { errors } of refused) expect(errors).toMatchObject([refusal('requests')]);
    } finally {
      await test.stop();
    }
  });
});
