import type { CloudEvent } from '@fellowship/bus';
import type { Viewer } from '@fellowship/identity';
import { createLog } from '@fellowship/server';
import { buildSchema } from 'graphql';
import { beforeEach, expect, test } from 'vitest';
import { mutationHandler } from './mutation-handler.ts';

const log = createLog({ name: 'test', level: 'silent' });
const schema = buildSchema(`
  type Query { a: Int }
  type Mutation { dropReport(input: DropReportInput!): Payload! otherReport(input: Int!): Payload! }
  input DropReportInput { reportId: String! item: String! weight: Int = 1 }
  type Payload { errors: [Error!]! }
  type Error { code: String! message: String! }
`);
const calls: { input: object; viewer: Viewer }[] = [];
let answer: () => object = () => ({ errors: [] });
const field = schema.getMutationType()?.getFields()['dropReport'];
if (field) {
  field.resolve = (_root, { input }, { viewer }) => {
    calls.push({ input, viewer });
    return answer();
  };
}
const context = (viewer: Viewer) => ({ viewer });
const handler = mutationHandler({ schema, context }, 'dropReport', 'service:combat', log);

const event = (data: unknown): CloudEvent => ({
  specversion: '1.0',
  id: 'e1',
  source: '/combat',
  type: 'combat:dropped',
  tenant: '0000000a-0000-4000-8000-000000000000',
  data,
});

beforeEach(() => {
  calls.length = 0;
  answer = () => ({ errors: [] });
});

test('its data is the input, its id the report’s, its sender a service of its tenant', async () => {
  await handler(event({ item: 'axe', colour: 'red', reportId: 'mine' }));
  expect(calls).toEqual([
    {
      input: { item: 'axe', weight: 1, reportId: 'e1' },
      viewer: expect.objectContaining({
        tenantId: '0000000a-0000-4000-8000-000000000000',
        scopes: ['service:combat'],
        playerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      }),
    },
  ]);
});

test('a rule’s no is done with', async () => {
  answer = () => ({ errors: [{ code: 'PARTY_NOT_FOUND', message: 'No such party' }] });
  await expect(handler(event({ item: 'axe' }))).resolves.toBeUndefined();
});

test.each([
  ['no input of it', { weight: 1 }],
  ['of another type', { item: 3.5, weight: 'heavy' }],
  ['nothing', null],
])('data that is %s is a failure, and changes nothing', async (_, data) => {
  await expect(handler(event(data))).rejects.toThrow();
  expect(calls).toEqual([]);
});

test('a fault is a failure', async () => {
  answer = () => {
    throw new Error('the database is away');
  };
  await expect(handler(event({ item: 'axe' }))).rejects.toThrow('the database is away');
});

test.each(['nothingReport', 'otherReport'])('%s: no such mutation', (name) => {
  const make = () => mutationHandler({ schema, context }, name, 'service:combat', log);
  expect(make).toThrow(`There is no mutation ${name}`);
});
