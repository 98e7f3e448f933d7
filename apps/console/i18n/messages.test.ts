import { describe, expect, it } from '@jest/globals';
import { ERRORS, MESSAGES, sayErrorIn, sayIn, type MessageKey } from './messages.ts';

const holesOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

describe('words', () => {
  it('are the same keys with the same holes in both languages, none empty', () => {
    const keys = Object.keys(MESSAGES.es) as MessageKey[];
    expect(Object.keys(MESSAGES.en).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      expect({ key, holes: holesOf(MESSAGES.en[key]) }).toEqual({ key, holes: holesOf(MESSAGES.es[key]) });
      expect(MESSAGES.es[key].trim()).not.toBe('');
      expect(MESSAGES.en[key].trim()).not.toBe('');
    }
  });

  it('translate the same error codes, each a stable kebab-case one', () => {
    expect(Object.keys(ERRORS.en).sort()).toEqual(Object.keys(ERRORS.es).sort());
    for (const code of Object.keys(ERRORS.es)) expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('fill holes and name unknown codes', () => {
    expect(sayIn('es')('line.offline', { time: '02:14:37' })).toBe('sin conexión desde 02:14:37');
    expect(sayIn('en')('count.of', { total: 12 })).toBe('of 12');
    expect(sayErrorIn('es')('login-wrong')).toBe('El usuario o la contraseña no son correctos.');
    expect(sayErrorIn('en')('brand-new-code')).toBe('It could not be done (brand-new-code).');
  });
});
