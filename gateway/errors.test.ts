import { createLog } from '@fellowship/server';
import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { cleanErrors, coded, Refused } from './errors.ts';

function clean(error: unknown) {
  const lines: string[] = [];
  const log = createLog({ name: 'test', level: 'error', destination: { write: (line) => lines.push(line) } });
  return { errors: cleanErrors([error], 'req-1', log).map((each) => each.toJSON()), log: lines.join() };
}

describe('what leaves of an error', () => {
  it('is message, path, code and request id, when the code is public', () => {
    const error = new GraphQLError('Deep', {
      path: ['a', 0],
      originalError: new Error('inner'),
      extensions: {
        code: 'OPERATION_TOO_DEEP',
        serviceName: 'party',
        url: 'http://party:8084',
        stacktrace: [],
      },
    });
    expect(clean(error)).toEqual({
      errors: [
        { message: 'Deep', path: ['a', 0], extensions: { code: 'OPERATION_TOO_DEEP', requestId: 'req-1' } },
      ],
      log: '',
    });
  });

  it.each([
    new Error('select * from secrets'),
    'select * from secrets',
    new GraphQLError('select * from secrets'),
    new GraphQLError('select * from secrets', { extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' } }),
  ])('is masked otherwise, and logged: %s', (error) => {
    const { errors, log } = clean(error);
    expect(errors).toEqual([
      { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'req-1' } },
    ]);
    expect(log).toContain('select * from secrets');
  });

  it('is logged with the error that all the wrappers hold', () => {
    const cause = new Error('The cause');
    const located = new GraphQLError('Located', { originalError: cause });
    const wrapped = new GraphQLError('Wrapped', { originalError: located, path: ['a'] });
    expect(clean(wrapped).log).toContain('The cause');
  });

  it("has no words of the planner's in its path", () => {
    const at = (path: (string | number)[]) =>
      clean(new GraphQLError('No', { path, extensions: { code: 'FORBIDDEN' } }));
    expect(at(['a', '@', 'b', '_entities']).errors[0]?.path).toEqual(['a']);
    expect(at(['a', 1, 'b']).errors[0]?.path).toEqual(['a', 1, 'b']);
  });

  it('is every error of a refusal', () => {
    const refused = new Refused([coded('BAD_USER_INPUT', 'One'), coded('BAD_USER_INPUT', 'Two')]);
    expect(clean(refused).errors.map(({ message }) => message)).toEqual(['One', 'Two']);
  });
});
