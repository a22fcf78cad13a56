import { expect, test } from 'vitest';
import { z } from 'zod';
import { count, databaseUrl, natsUrl, port, readEnvironment } from './environment.ts';

const variables = z.object({
  PORT: port.default(4000),
  URL: databaseUrl.optional(),
  LIMIT: count(5),
  NATS: natsUrl.optional(),
});

test('what is not set, or empty, has its default', () => {
  expect(readEnvironment(variables, { PORT: '', LIMIT: '7', OTHER: 'x' })).toEqual({ PORT: 4000, LIMIT: 7 });
  expect(readEnvironment(variables, { PORT: '0', URL: 'postgres://u@h/d' })).toEqual({
    PORT: 0,
    URL: 'postgres://u@h/d',
    LIMIT: 5,
  });
});

test.each([
  [{ PORT: 'abc' }, 'must be a port, 0 to 65535', 'PORT'],
  [{ PORT: '65536' }, 'must be a port, 0 to 65535', 'PORT'],
  [{ PORT: '1.5' }, 'must be a port, 0 to 65535', 'PORT'],
  [{ URL: 'mysql://h/d' }, 'a postgres:// URL is needed', 'URL'],
  [{ NATS: 'nats://u:p@[bad' }, 'a nats:// URL is needed', 'NATS'],
  [{ NATS: 'nats://a:4222,http://b:4222' }, 'a nats:// URL is needed', 'NATS'],
  [{ LIMIT: 'many' }, 'must be a whole number, 1 or more', 'LIMIT'],
  [{ LIMIT: '0' }, 'must be a whole number, 1 or more', 'LIMIT'],
])('%o is refused, by its name', (environment, message, name) => {
  const read = () => readEnvironment(variables, environment, 'The test');
  expect(read).toThrow(/^The test is not right:\n/);
  expect(read).toThrow(message);
  expect(read).toThrow(`at ${name}`);
});

test('NATS may be several servers', () => {
  const { NATS } = readEnvironment(variables, { NATS: 'nats://u:p@a:4222, nats://b:4222' });
  expect(NATS).toBe('nats://u:p@a:4222, nats://b:4222');
});

test('every fault is told', () => {
  const read = () => readEnvironment(variables, { PORT: 'a', LIMIT: 'b' });
  expect(read).toThrow(/at PORT[\s\S]*at LIMIT/);
});
