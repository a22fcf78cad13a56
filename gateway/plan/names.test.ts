import { afterAll, beforeAll, expect, it } from 'vitest';
import { post, startTestGateway, type TestGateway } from '../testing/gateway.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway('remote');
});
afterAll(() => test[Symbol.asyncDispose]());

it('names that objects of JavaScript have are names like any other', async () => {
  const query = `query ($constructor: String) {
    constructor: echo(text: $constructor)
    __proto__: echo(text: "p")
    party(id: 1) { __proto__: members { toString: id __proto__: guilds { constructor: name } } }
  }`;
  const { body } = await post(test.url, query, { constructor: 'c' });
  const member = (id: string) => `{"toString":"${id}","__proto__":[{"constructor":"Guild of ${id}"}]}`;
  expect(JSON.stringify(body)).toBe(
    `{"data":{"constructor":"c","__proto__":"p","party":{"__proto__":[${member('Ada')},${member('Bea')}]}}}`,
  );
});

it('what no subgraph answered is null, not what objects inherit', async () => {
  const { body } = await post(
    test.url,
    '{ me { constructor: party { id } valueOf: crash hasOwnProperty: crash } }',
  );
  expect(body.data).toEqual({
    me: { constructor: { id: '1' }, valueOf: null, hasOwnProperty: null },
  });
});
