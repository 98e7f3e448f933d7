import { describe, expect, it } from '@jest/globals';
import { identityOf } from '#libs/onvif';

describe('identity', () => {
  const marks = {
    endpointReference: null,
    macAddress: null,
    manufacturer: 'Halcón',
    serialNumber: null,
    host: '10.0.0.7',
    port: 80,
  };
  it('goes from the firmest mark to the loosest', () => {
    expect(identityOf({ ...marks, endpointReference: 'urn:uuid:x', macAddress: 'aa:bb:cc:dd:ee:ff' })).toBe(
      'urn:uuid:x',
    );
    expect(identityOf({ ...marks, macAddress: 'aa:bb:cc:dd:ee:ff', serialNumber: 'A1B2' })).toBe(
      'mac:aa:bb:cc:dd:ee:ff',
    );
    expect(identityOf({ ...marks, serialNumber: 'A1B2' })).toBe('serial:halcón:a1b2');
    expect(identityOf({ ...marks, serialNumber: '0000000' })).toBe('host:10.0.0.7:80');
  });
});
