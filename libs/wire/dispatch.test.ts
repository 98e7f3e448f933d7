import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { z } from 'zod';
import {
  DISPATCH_EVENT_KINDS,
  INCIDENT_CAPS,
  type Assignment,
  type Call,
  type DispatchCommand,
  type DispatchCommandKind,
  type IncidentClocks,
  type IncidentLife,
  type IncidentPlace,
  type IncidentTimer,
  type IncidentType,
  type Narrative,
  type Reason,
  type Recommendation,
  type Referral,
} from '#libs/dispatch';
import type { HandoverFacts, HandoverState, RosterEntry, Shift, ShiftPattern } from '#libs/shift';
import { PERMISSIONS } from '#libs/access';
import {
  TOPICS,
  TOPIC_PERMISSION,
  amendCommandBody,
  assignmentView,
  callBody,
  callView,
  dispatchCommandBody,
  handoverView,
  incidentClocksView,
  incidentLifeView,
  incidentPlaceView,
  incidentTimerView,
  incidentTypeView,
  intakeCommandBody,
  line,
  narrativeView,
  openIncidentBody,
  prose,
  recommendationReason,
  recommendationView,
  referralView,
  shiftCalendarView,
  shiftView,
  timelineEntry,
  unitDutyBody,
  unitReportBody,
  type AmendCommandBody,
  type DispatchCommandBody,
  type IntakeCommandBody,
  type OpenIncidentBody,
  type UnitDutyBody,
} from '#libs/wire';

/** Compiles only while the two shapes are readable as one another: the wire shows the domain's nouns, no others. */
type Same<A, B> = [A] extends [Frozen<B>] ? ([Frozen<B>] extends [Frozen<A>] ? true : false) : false;
type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;
const same = <A, B>(agrees: Same<A, B>): boolean => agrees;
same<Call, z.infer<typeof callView>>(true);
same<Narrative, z.infer<typeof narrativeView>>(true);
same<Referral, z.infer<typeof referralView>>(true);
same<IncidentLife, z.infer<typeof incidentLifeView>>(true);
same<IncidentPlace, z.infer<typeof incidentPlaceView>>(true);
same<IncidentClocks, z.infer<typeof incidentClocksView>>(true);
same<IncidentTimer, z.infer<typeof incidentTimerView>>(true);
same<Reason, z.infer<typeof recommendationReason>>(true);
same<HandoverFacts, z.infer<typeof handoverView>['facts']>(true);
same<HandoverState, z.infer<typeof handoverView>['state']>(true);
same<Shift, Omit<z.infer<typeof shiftView>, 'entries' | 'running' | 'revision'>>(true);
same<Omit<RosterEntry, 'absence'>, Omit<z.infer<typeof shiftView>['entries'][number], 'absence'>>(true);
same<ShiftPattern, z.infer<typeof shiftCalendarView>['versions'][number]['patterns'][number]>(true);
same<Assignment, z.infer<typeof assignmentView>>(true);
same<Omit<IncidentType, 'group'>, Omit<z.infer<typeof incidentTypeView>, 'group' | 'id' | 'protocol'>>(true);
same<Recommendation, z.infer<typeof recommendationView>['units'][number]>(true);

/** Names an alarm, of which the server knows the rest. */
type ByAlarm = { readonly kind: 'linkAlarm' };
/** A body and the id of its route are a command, without anything in between. */
type AsCommand<B, Id> = B extends object ? B & Id : never;
const asCommand = (
  command:
    | AsCommand<Exclude<IntakeCommandBody, ByAlarm> | DispatchCommandBody | AmendCommandBody, { incidentId: string }>
    | AsCommand<UnitDutyBody, { unitId: string }>
    | (OpenIncidentBody & { kind: 'openIncident'; code: string }),
): DispatchCommand => command;

const UUID = '01932d5c-0000-7000-8000-000000000001';
const envelope = { commandId: UUID, sentAtMs: 1_795_000_000_000 };

describe('commands over the wire', () => {
  it('cover every command of dispatch, each on one route', () => {
    const kinds = [intakeCommandBody, dispatchCommandBody, amendCommandBody, unitDutyBody].flatMap((body) =>
      body.options.map(({ shape }) => shape.kind.value as DispatchCommandKind),
    );
    const alone: DispatchCommandKind[] = ['openIncident', 'unmask', 'registerUnit', 'changeUnit', 'retireUnit'];
    expect(new Set([...kinds, ...alone]).size).toBe(kinds.length + alone.length);
    // Deciders of libs/dispatch/decide.ts, but the two that the centre alone gives: `raiseStray`, `endStray`.
    expect(kinds.length + alone.length).toBe(43);
    const own = unitReportBody.options.map(({ shape }) => shape.kind.value);
    expect(own.filter((kind) => ![...kinds, ...alone].includes(kind))).toEqual([]);
  });

  it('carry the id of the client and its clock, or are none', () => {
    const body = { kind: 'control', ...envelope };
    expect(dispatchCommandBody.safeParse(body).success).toBe(true);
    expect(dispatchCommandBody.safeParse({ ...body, commandId: '1' }).success).toBe(false);
    expect(dispatchCommandBody.safeParse({ kind: 'control' }).success).toBe(false);
    expect(dispatchCommandBody.safeParse({ ...body, kind: 'drop' }).success).toBe(false);
    const parsed = dispatchCommandBody.parse({ kind: 'merge', survivorId: UUID, ...envelope });
    expect(asCommand({ ...parsed, incidentId: UUID })).toMatchObject({ kind: 'merge', moveUnits: false });
  });

  it('have caps on what is typed, and no controls in it', () => {
    const narrate = (text: string) =>
      intakeCommandBody.safeParse({ kind: 'addNarrative', narrativeId: UUID, text, ...envelope });
    expect(narrate('x'.repeat(INCIDENT_CAPS.narrativeChars)).success).toBe(true);
    expect(narrate('x'.repeat(INCIDENT_CAPS.narrativeChars + 1)).success).toBe(false);
    expect(narrate('x'.repeat(1_000_000)).success).toBe(false);
    expect(narrate(' \u0000 \n ').success).toBe(false);
    const parsed = narrate('Dos\u0000 sujetos\r\n<script>alert(1)</script>\u202e');
    expect(parsed.data).toMatchObject({ text: 'Dos  sujetos\n<script>alert(1)</script>' });
    expect(line(20).parse(' Rosa\n\tMaría ')).toBe('Rosa  María');
    expect(line(20).parse('Nin\u0303o')).toBe('Niño');
  });

  it('tell a phone that is none by its code, and keep one in one form', () => {
    const call = { id: UUID, channel: 'TEL_LOCAL', receivedAtMs: 1 };
    expect(callBody.parse({ ...call, callerPhone: '953 123 456' })).toMatchObject({
      callerPhone: '+51953123456',
      callerName: '',
      mayBeNamed: false,
    });
    const wrong = callBody.safeParse({ ...call, callerPhone: '12' });
    expect(wrong.error?.issues).toMatchObject([{ path: ['callerPhone'], message: 'phone-malformed' }]);
  });

  it('answer anything with a value or issues, never by throwing', () => {
    const bodies = [openIncidentBody, intakeCommandBody, dispatchCommandBody, unitReportBody, timelineEntry];
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...bodies), (anything, body) => {
        expect(typeof body.safeParse(anything).success).toBe('boolean');
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (typed) => {
        for (const field of [line(60), prose(60)]) {
          const parsed = field.safeParse(typed);
          if (parsed.success) expect(field.parse(parsed.data)).toBe(parsed.data);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('topics', () => {
  it('each have a permission that exists', () => {
    expect(Object.keys(TOPIC_PERMISSION).sort()).toEqual([...TOPICS].sort());
    expect(Object.values(TOPIC_PERMISSION).filter((one) => !PERMISSIONS.includes(one))).toEqual([]);
  });

  it('know every kind of event in a timeline', () => {
    const entry = { seq: 1, atMs: 1, by: 'a', byName: 'Ana', hidden: [] };
    for (const kind of DISPATCH_EVENT_KINDS)
      expect(timelineEntry.safeParse({ ...entry, event: { kind, extra: 1 } }).success).toBe(true);
    expect(timelineEntry.safeParse({ ...entry, event: { kind: 'incident:deleted' } }).success).toBe(false);
  });
});
