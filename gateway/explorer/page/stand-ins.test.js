import { describe, expect, test, vi } from 'vitest';
import { replaceStandIns } from './stand-ins.js';

const standIns = {
  MY_ID: { query: '{ me { id } }', missing: 'Nobody.' },
  MY_PARTY: { query: '{ me { party { id } } }', missing: 'No party yet.' },
};
const ask = vi.fn(async (/** @type {string} */ query) =>
  query === standIns.MY_ID.query
    ? { data: { me: { id: 'ada' } } }
    : { data: { me: { party: { id: 'p1' } } } },
);

describe('stand-ins', () => {
  test('give way to ids in the query and in the variables', async () => {
    const written = {
      query: '{ player(id: "MY_ID") { id } }',
      variables: { input: { partyId: 'MY_PARTY' } },
    };
    expect(await replaceStandIns(written, standIns, ask)).toEqual({
      query: '{ player(id: "ada") { id } }',
      variables: { input: { partyId: 'p1' } },
    });
  });

  test('that are not there ask nothing, and leave the operation as it was written', async () => {
    ask.mockClear();
    const written = {
      query: '# MY_PARTY\n{ me { id } }',
      variables: { text: 'MY_PARTY!' },
      operationName: null,
    };
    expect(await replaceStandIns(written, standIns, ask)).toEqual(written);
    expect(ask).not.toHaveBeenCalled();
  });

  test.each([{ data: { me: { party: null } } }, { errors: [] }, null])(
    'without an id (%j) say what is missing',
    async (answer) => {
      const result = replaceStandIns(
        { query: '{ party(id: "MY_PARTY") { id } }' },
        standIns,
        async () => answer,
      );
      await expect(result).rejects.toThrow('No party yet.');
    },
  );
});
