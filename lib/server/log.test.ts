import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';
import { recordingLog } from './test-subgraph.ts';

describe('createLog', () => {
  it.each(['authorization', 'cookie', 'set-cookie', 'fellowship-identity'])('redacts %s', (header) => {
    const { log, entries } = recordingLog();
    const headers = { [header]: 'secret', host: 'here' };
    log.child({ headers }).info({ headers, req: { headers }, deep: { response: { headers } } }, 'Seen');
    expect(JSON.stringify(entries)).not.toContain('secret');
    expect(JSON.stringify(entries)).toContain('here');
  });

  it('leaves what is logged as it was', () => {
    const headers = { authorization: 'secret' };
    recordingLog().log.info({ headers });
    expect(headers.authorization).toBe('secret');
  });

  it('writes a line to read, errors with their stack', () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLog({ name: 'party', level: 'info', pretty: true, destination });
    log.debug('hidden');
    log.error({ port: 4000, headers: { cookie: 'secret' }, err: new Error('broken') }, 'Look');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d ERROR party: Look port=4000 headers=\{"cookie":"\[redacted\]"\}\nError: broken\n {4}at/,
    );
  });

  it.each([
    ['info', /^\S+ WARN {2}party: Away id=1 \(no answer\)\n$/],
    ['debug', /^\S+ WARN {2}party: Away id=1\nError: no\nanswer\n {4}at/],
  ])('writes a warning at the level %s as %s', (level, shape) => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    createLog({ name: 'party', level, pretty: true, destination }).warn(
      { id: 1, err: new Error('no\nanswer') },
      'Away',
    );
    expect(lines.join()).toMatch(shape);
  });
});
