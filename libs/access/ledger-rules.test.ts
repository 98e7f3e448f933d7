import { describe, expect, it } from '@jest/globals';
import { ROLES, allows, ledgerEventFor, type LedgerRule } from '#libs/access';

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

describe('events of the ledger', () => {
  it('hides an event from a role that may not know of it', () => {
    expect(ledgerEventFor('patrol', opened(false), RULES)).toBeUndefined();
    expect(ledgerEventFor('dispatcher', opened(false), RULES)).toEqual({ ...opened(false), redacted: [] });
  });

  it('leaves out what a role may not see, and says what', () => {
    expect(ledgerEventFor('dispatcher', opened(true), RULES)).toEqual({
      seq: 7,
      kind: 'incident:opened',
      payload: { masked: true, type: 'robo' },
      redacted: ['phone'],
    });
    expect(ledgerEventFor('auditor', opened(true), RULES)?.payload).toEqual(opened(true).payload);
  });

  it('shows a kind without a rule to nobody', () => {
    for (const role of ROLES) {
      for (const kind of ['incident:closed', 'constructor', '__proto__'])
        expect(ledgerEventFor(role, { kind, payload: {} }, RULES)).toBeUndefined();
    }
  });
});
