import { describe, expect, it } from '@jest/globals';
import { PROJECT_ROOT } from '../supervisor/settings.ts';
import { isAllowed, licenceOf, needsReason, shippedPackages } from './licences.ts';

describe('licences of what ships', () => {
  it.each(['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC', '(MIT AND BSD-3-Clause)'])('takes %s', (expression) => {
    expect(isAllowed(expression)).toBe(true);
  });

  it.each([
    'GPL-3.0-only',
    'AGPL-3.0',
    'Hippocratic-2.1',
    'MIT AND GPL-2.0',
    'UNLICENSED',
    '',
    'SEE LICENSE IN LICENSE',
  ])('refuses "%s"', (expression) => {
    expect(isAllowed(expression)).toBe(false);
    expect(needsReason('planted', expression)).toBe(true);
  });

  it('reads all three ways in which a package can say it', () => {
    expect(licenceOf({ name: 'a', license: 'MIT' })).toBe('MIT');
    expect(licenceOf({ name: 'a', license: { type: 'ISC' } })).toBe('ISC');
    expect(licenceOf({ name: 'a', licenses: [{ type: 'GPL-2.0' }, { type: 'MIT' }] })).toBe('GPL-2.0 OR MIT');
    expect(licenceOf({ name: 'a' })).toBe('');
  });

  it('are clean in this tree', () => {
    const shipped = shippedPackages(PROJECT_ROOT);
    expect(shipped.length).toBeGreaterThan(100);
    expect(shipped.filter(({ name, licence }) => needsReason(name, licence))).toEqual([]);
  });
});
