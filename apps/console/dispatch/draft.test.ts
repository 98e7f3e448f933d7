import { describe, expect, it } from '@jest/globals';
import { uuidV7 } from '#libs/base';
import { openIncidentBody } from '#libs/wire';
import { DraftKeeper, bodyOf, commandOf, isTouched, newDraft, type Draft, type DraftShelf } from './draft.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 7, 12);
const draft = (change: Partial<Draft> = {}): Draft => ({ ...newDraft(() => uuidV7(NOW_MS), NOW_MS), ...change });

function shelf(): DraftShelf & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => void kept.set(key, text),
    removeItem: (key) => void kept.delete(key),
  };
}

describe('a call that is being taken', () => {
  it('becomes a body that the contract accepts, with the ids it began with', () => {
    const robbery = draft({
      phone: ' 953 123 218 ',
      typeCode: 'PAT-02',
      placeText: 'Mercado Pacocha',
      point: { latitudeDeg: -17.6475, longitudeDeg: -71.3441 },
      narrative: 'Dos sujetos en moto lineal',
    });
    const made = bodyOf(robbery);
    if (!made.ok) throw new Error(made.code);
    const parsed = openIncidentBody.parse({ ...made.body, sentAtMs: NOW_MS });
    expect(parsed).toMatchObject({
      incidentId: robbery.incidentId,
      commandId: robbery.commandId,
      typeCode: 'PAT-02',
      place: { address: 'Mercado Pacocha', sectorId: null },
      narrative: { id: robbery.narrativeId, text: 'Dos sujetos en moto lineal' },
      call: { id: robbery.callId, receivedAtMs: NOW_MS, callerPhone: '+51953123218' },
    });
    expect(bodyOf(robbery)).toEqual(made);
  });

  it.each([
    [{ phone: '12' }, 'phone', 'phone-malformed'],
    [{ typeText: 'xyz' }, 'type', 'type-unknown'],
    [{ typeCode: 'PAT-02', reference: 'frente al grifo' }, 'place', 'place-empty'],
    [{ phone: '953123218' }, 'type', 'draft-empty'],
  ])('names the field in the way: %j', (change, field, code) => {
    expect(bodyOf(draft(change))).toEqual({ ok: false, field, code });
  });

  it('needs no more than a line of narrative', () => {
    expect(bodyOf(draft({ narrative: 'gritos' })).ok).toBe(true);
  });
});

describe('a call that comes of an alarm', () => {
  const alarmId = uuidV7(NOW_MS);

  it('names the alarm, and has no caller unless somebody called as well', () => {
    const body = (change: Partial<Draft>) => {
      const made = bodyOf(draft({ alarmId, cameraId: alarmId, channel: 'CAMARA', typeCode: 'ORD-04', ...change }));
      if (!made.ok) throw new Error(made.code);
      return openIncidentBody.parse({ ...made.body, sentAtMs: NOW_MS });
    };
    expect(body({})).toMatchObject({ alarmId, cameraId: alarmId, channel: 'CAMARA' });
    expect(body({}).call).toBeUndefined();
    expect(body({ phone: '953123218' }).call).toMatchObject({ callerPhone: '+51953123218' });
    expect(isTouched(draft({ alarmId }))).toBe(true);
  });
});

describe('the command of a draft', () => {
  const wish = { typeCode: 'PAT-02', place: { address: 'Mercado' } };
  const sent = (one: Draft, path: string, command: object) => commandOf(one, path, command, () => uuidV7(NOW_MS));

  it('keeps its id while it is the same, and gets another when it is another, also after a reload', () => {
    const one = shelf();
    const first = sent(draft({ narrative: 'Dos' }), '/api/incidents', wish);
    new DraftKeeper(one, 'ana').save(first);
    const again = new DraftKeeper(one, 'ana').load()!;
    expect(sent(again, '/api/incidents', wish)).toEqual(first);
    const edited = sent(again, '/api/incidents', { ...wish, typeCode: 'PAT-03' });
    expect(edited.commandId).not.toBe(first.commandId);
    expect(edited.incidentId).toBe(first.incidentId);
    expect(sent(edited, '/api/incidents', { ...wish, typeCode: 'PAT-03' })).toEqual(edited);
    expect(sent(first, '/api/incidents/x/intake', wish).commandId).not.toBe(first.commandId);
  });

  it('is the one that the draft began with when nothing was sent before', () => {
    const one = draft();
    expect(sent(one, '/api/incidents', wish).commandId).toBe(one.commandId);
  });

  it('of an earlier version of the page is read as never sent', () => {
    const one = shelf();
    const { sentAs: _sentAs, alarmId: _alarmId, ...old } = draft({ narrative: 'Dos' });
    one.kept.set('atalaya.draft.ana', JSON.stringify(old));
    expect(new DraftKeeper(one, 'ana').load()).toMatchObject({ sentAs: null, alarmId: null, narrative: 'Dos' });
  });
});

describe('drafts', () => {
  it('survive a reload whole, for their own author only', () => {
    const one = shelf();
    const mine = draft({ narrative: 'Dos sujetos' });
    expect(new DraftKeeper(one, 'ana').save(mine)).toBe(true);
    expect(new DraftKeeper(one, 'ana').load()).toEqual(mine);
    expect(new DraftKeeper(one, 'luis').load()).toBeNull();
    new DraftKeeper(one, 'ana').forget();
    expect(one.kept.size).toBe(0);
  });

  it('that hold nothing are not kept', () => {
    const one = shelf();
    new DraftKeeper(one, 'ana').save(draft());
    expect(one.kept.size).toBe(0);
    expect(isTouched(draft())).toBe(false);
  });

  it('go on without a shelf, and pass over what they cannot read', () => {
    const closed = {
      getItem: () => {
        throw new Error('denied');
      },
      setItem: () => {
        throw new Error('quota');
      },
      removeItem: () => undefined,
    };
    expect(new DraftKeeper(closed, 'ana').load()).toBeNull();
    expect(new DraftKeeper(closed, 'ana').save(draft({ phone: '9' }))).toBe(false);
    const one = shelf();
    one.kept.set('atalaya.draft.ana', '{"incidentId":1}');
    expect(new DraftKeeper(one, 'ana').load()).toBeNull();
  });
});
