import { describe, expect, it } from '@jest/globals';
import { ROLES, allows, redactFor, type LedgerRule } from '#libs/access';

const RULES: Readonly<Record<string, LedgerRule>> = {
  'incident:opened': {
    see: 'camera:view',
    hide: ({ masked }, role) => (masked === true && !allows(role, 'audit:read') ? ['phone', 'caller'] : []),
  },
};

const opened = (masked: boolean) => ({
  seq: 7,
  kind: 'incident:opened',
  payload: { masked, phone: '953', type: 'robo' },
});

describe('redaction', () => {
  it('hides an event from a role that may not know of it', () => {
    expect(redactFor('patrol', opened(false), RULES)).toBeUndefined();
    expect(redactFor('dispatcher', opened(false), RULES)).toEqual({ ...opened(false), redacted: [] });
  });

  it('leaves out what a role may not see, and says what', () => {
    expect(redactFor('dispatcher', opened(true), RULES)).toEqual({
      seq: 7,
      kind: 'incident:opened',
      payload: { masked: true, type: 'robo' },
      redacted: ['phone'],
    });
    expect(redactFor('auditor', opened(true), RULES)?.payload).toEqual(opened(true).payload);
  });

  it('shows a kind without a rule to nobody', () => {
    for (const role of ROLES) {
      for (const kind of ['incident:closed', 'constructor', '__proto__'])
        expect(redactFor(role, { kind, payload: {} }, RULES)).toBeUndefined();
    }
  });
});
