import { Unavailable } from '@fellowship/unavailable';
import { GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { maskError } from './mask.ts';
import { recordingLog } from './test-subgraph.ts';

const masked = {
  message: 'Internal server error',
  extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
};

function mask(error: unknown) {
  const { log, entries } = recordingLog();
  return { answer: maskError(error, log, 'r1'), entries };
}

describe('maskError', () => {
  it('lets an error with a public code pass, with nothing but message, code, path and request id', () => {
    const node = parse('{ a }').definitions[0];
    const error = new GraphQLError('No', {
      path: ['party', 0, 'name'],
      nodes: node ?? null,
      originalError: new Error('secret'),
      extensions: { code: 'FORBIDDEN', http: { status: 403 }, stacktrace: ['secret'] },
    });
    const { answer, entries } = mask(error);
    expect(answer).toEqual({
      message: 'No',
      path: ['party', 0, 'name'],
      extensions: { code: 'FORBIDDEN', requestId: 'r1' },
    });
    expect(entries).toEqual([]);
  });

  it.each([
    ['an Error', new Error('secret: select 1')],
    ['a string', 'secret'],
    ['nothing', undefined],
    ['null', null],
    ['an object that looks like one of ours', { message: 'secret', extensions: { code: 'FORBIDDEN' } }],
    [
      'an Error that looks like one of ours',
      Object.assign(new Error('secret'), { extensions: { code: 'FORBIDDEN' } }),
    ],
    [
      'graphql’s wrapper of such an Error',
      new GraphQLError('secret', {
        originalError: Object.assign(new Error('secret'), { extensions: { code: 'FORBIDDEN' } }),
      }),
    ],
    ['a GraphQLError without a code', new GraphQLError('secret')],
    ['a GraphQLError with a code of its own', new GraphQLError('secret', { extensions: { code: '23505' } })],
    ['a GraphQLError with an odd code', new GraphQLError('secret', { extensions: { code: ['FORBIDDEN'] } })],
    ['one marked internal', new GraphQLError('secret', { extensions: { code: 'INTERNAL_SERVER_ERROR' } })],
  ])('masks and logs %s', (_, error) => {
    const { answer, entries } = mask(error);
    expect(answer).toEqual(masked);
    expect(entries).toMatchObject([{ msg: 'Unexpected error', requestId: 'r1', level: 50 }]);
  });

  it('says of what is away that it is, and logs it in one line, once', () => {
    const { log, entries } = recordingLog();
    const lost = new Unavailable('The connection to 10.0.0.7 was lost');
    const answers = ['a', 'b'].map((field) =>
      maskError(new GraphQLError(lost.message, { path: [field], originalError: lost }), log, 'r1'),
    );
    const message = 'A service is not available: try again';
    const extensions = { code: 'SUBGRAPH_UNAVAILABLE', requestId: 'r1' };
    expect(answers).toEqual([
      { message, path: ['a'], extensions },
      { message, path: ['b'], extensions },
    ]);
    expect(maskError(lost, log, 'r1')).toEqual({ message, extensions });
    expect(entries).toMatchObject([
      { level: 40, msg: 'Not available', reason: lost.message, requestId: 'r1' },
    ]);
    expect(JSON.stringify(entries)).not.toContain('stack');
  });

  it('logs the cause, and keeps the path', () => {
    const cause = Object.assign(new Error('duplicate key'), { constraint: 'party_pkey' });
    const { answer, entries } = mask(
      new GraphQLError('duplicate key', { path: ['me'], originalError: cause }),
    );
    expect(answer).toEqual({ ...masked, path: ['me'] });
    expect(entries).toMatchObject([
      { err: { message: 'duplicate key', constraint: 'party_pkey' }, path: ['me'] },
    ]);
  });
});
