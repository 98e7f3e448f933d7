import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPublishRequest } from './publish-request.ts';

const request = { streamName: 'abcd2345', key: '0123456789abcdefghjkmnpqrstvwxyz' };

describe('the address that a device was told', () => {
  it.each([
    ['live', 'abcd2345?key=0123456789abcdefghjkmnpqrstvwxyz'],
    ['live/', '/abcd2345?key=0123456789abcdefghjkmnpqrstvwxyz'],
    ['live?key=0123456789abcdefghjkmnpqrstvwxyz', 'abcd2345'],
    ['live', 'ABCD2345?key=0123456789ABCDEFGHJKMNPQRSTVWXYZ&camera=front'],
  ])('is understood as %s and %s', (app, stream) => {
    expect(readPublishRequest(app, stream)).toEqual(request);
  });

  it('without a key is one with an empty key, which opens nothing', () => {
    expect(readPublishRequest('live', 'abcd2345')).toEqual({ streamName: 'abcd2345', key: '' });
  });

  it.each([
    ['app', 'abcd2345?key=1'],
    ['live', 'abcd234?key=1'],
    ['live', '../../etc'],
    ['live', ''],
    ['live', `abcd2345?key=${'a'.repeat(300)}`],
    [undefined, 'abcd2345'],
    ['live', { streamName: 'abcd2345' }],
  ])('is not %j and %j', (app, stream) => {
    expect(readPublishRequest(app, stream)).toBeUndefined();
  });

  it('is read from any text without a throw', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (app, stream) => void readPublishRequest(app, stream)));
  });
});
