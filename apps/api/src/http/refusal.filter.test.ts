import { BadRequestException, ForbiddenException, ImATeapotException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { QueryRunnerAlreadyReleasedError } from 'typeorm';
import { HTTP_STATUS, RefusalError, refusal, type RefusalKind } from '#libs/base';
import { refusalOf } from './refusal.filter.ts';

describe('refusalOf', () => {
  it('hands a refusal on as it is', () => {
    const reason = refusal('conflict', 'last-administrator', 'no', { limit: 1 });
    expect(refusalOf(new RefusalError(reason))).toBe(reason);
  });

  it.each([
    [new NotFoundException('Cannot GET /etc/passwd'), 'not-found', 404],
    [new ForbiddenException(), 'forbidden', 403],
    [new BadRequestException('column "x" does not exist'), 'bad-request', 400],
    [new ImATeapotException(), 'bad-request', 400],
    [Object.assign(new Error('request entity too large'), { status: 413 }), 'body-too-large', 413],
    [Object.assign(new SyntaxError('Unexpected token'), { status: 400 }), 'bad-request', 400],
  ])('maps %s without its text', (thrown, code, status) => {
    const reason = refusalOf(thrown);
    expect([reason.code, HTTP_STATUS[reason.kind as RefusalKind]]).toEqual([code, status]);
    expect(reason.message).not.toContain((thrown as Error).message);
  });

  it.each([
    Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' }),
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    new QueryRunnerAlreadyReleasedError(),
  ])('says that the database is away: %s', (thrown) => {
    expect(refusalOf(thrown)).toMatchObject({ kind: 'unavailable', code: 'database-unavailable' });
  });

  it.each([new TypeError('x is undefined'), 'text', null, undefined, { code: 42 }, { status: 500 }, { status: '404' }])(
    'takes %s for a bug of ours and says nothing of it',
    (thrown) => {
      expect(refusalOf(thrown)).toEqual(refusal('unavailable', 'internal', 'something went wrong on our side'));
    },
  );
});
