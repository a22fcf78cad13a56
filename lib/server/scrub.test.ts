import { expect, test } from 'vitest';
import { scrub } from './scrub.ts';

test.each([
  ['{"msg":"code JKMN2345 of"}', '{"msg":"code [code] of"}'],
  ['{"msg":"JKMN2345PQRS"}', '{"msg":"[code]"}'],
  ['{"url":"/groups/join/jkmn-2345?a=1"}', '{"url":"/groups/join/[code]?a=1"}'],
  ['{"msg":"got Bearer abc.def"}', '{"msg":"got Bearer [token]"}'],
  ['{"url":"/?t=eyJhbGci.eyJz.c2ln"}', '{"url":"/?t=[token]"}'],
  [
    '{"stack":"Error: Failed query: select 1\\nparams: a,\\"b\\",\\nc\\n    at run (x.ts)"}',
    '{"stack":"Error: Failed query: select 1\\nparams: [redacted]\\n    at run (x.ts)"}',
  ],
  ['{"a":{"Cookie":"a=\\"b\\"; c","host":"here"}}', '{"a":{"Cookie":"[redacted]","host":"here"}}'],
  ['{"set-cookie":["a=\\"]","b"],"x":["y"]}', '{"set-cookie":"[redacted]","x":["y"]}'],
  [
    '{"authorization":[],"fellowship-identity":""}',
    '{"authorization":"[redacted]","fellowship-identity":"[redacted]"}',
  ],
  ['{"cookie":{"a":"}]\\""},"x":1}', '{"cookie":"[redacted]","x":1}'],
  ['{"set-cookie":[null,"a",1],"x":1}', '{"set-cookie":"[redacted]","x":1}'],
  ['{"authorization":-12.5e+7,"cookie":null}', '{"authorization":"[redacted]","cookie":"[redacted]"}'],
])('%s is written as %s', (line, written) => {
  expect(scrub(line)).toBe(written);
  expect(() => JSON.parse(scrub(line))).not.toThrow();
});

test.each([
  '{"requestId":"23456789-2345-4234-8234-234567892345","milliseconds":23456789,"time":1795272000000}',
  '{"code":"SUBGRAPH_UNAVAILABLE","msg":"Listening at http://127.0.0.1:4000"}',
])('%s is left as it is', (line) => expect(scrub(line)).toBe(line));

test('a long value is no trouble', () => {
  const long = JSON.stringify({ cookie: 'x"'.repeat(1_000_000), other: 'y' });
  expect(scrub(long)).toBe('{"cookie":"[redacted]","other":"y"}');
});
