import { z } from 'zod';
import { CHANNEL_CODES, normalisePhone, type Channel } from '#libs/dispatch';
import { place, type OpenIncidentBody } from '#libs/wire';

/**
 * A call that is being taken down. Its ids are made when it begins, so that however often it is sent, and from however
 * many reloads of the page, it is one incident.
 */
const draftShape = z.object({
  incidentId: z.uuid(),
  callId: z.uuid(),
  narrativeId: z.uuid(),
  /** Of the last body that was sent, or of the one to be sent first; see {@link commandOf}. */
  commandId: z.uuid(),
  /** What was sent under it, whether or not somebody answered; `null` before. */
  sentAs: z.string().max(40_000).nullable().default(null),
  startedAtMs: z.number(),
  channel: z.enum(CHANNEL_CODES),
  cameraId: z.uuid().nullable(),
  /** The camera's alarm that it comes of. */
  alarmId: z.uuid().nullable().default(null),
  phone: z.string().max(24),
  callerName: z.string().max(120),
  typeText: z.string().max(80),
  typeCode: z.string().nullable(),
  placeText: z.string().max(200),
  point: place.nullable(),
  sectorId: z.uuid().nullable(),
  reference: z.string().max(200),
  narrative: z.string().max(4_000),
});
export type Draft = z.infer<typeof draftShape>;

/** What of a draft a person types or picks. */
export type DraftChange = Partial<
  Omit<Draft, 'incidentId' | 'callId' | 'narrativeId' | 'commandId' | 'sentAs' | 'startedAtMs'>
>;

export function newDraft(makeId: () => string, nowMs: number, channel: Channel = 'TEL_LOCAL'): Draft {
  return {
    incidentId: makeId(),
    callId: makeId(),
    narrativeId: makeId(),
    commandId: makeId(),
    sentAs: null,
    startedAtMs: nowMs,
    channel,
    cameraId: null,
    alarmId: null,
    phone: '',
    callerName: '',
    typeText: '',
    typeCode: null,
    placeText: '',
    point: null,
    sectorId: null,
    reference: '',
    narrative: '',
  };
}

/** Whether anything would be lost by forgetting it. */
export function isTouched(draft: Draft): boolean {
  const { alarmId, phone, callerName, typeText, typeCode, placeText, point, reference, narrative } = draft;
  return (
    alarmId !== null ||
    point !== null ||
    typeCode !== null ||
    [phone, callerName, typeText, placeText, reference, narrative].some(said)
  );
}

export type DraftField = 'phone' | 'type' | 'place' | 'narrative';
export type DraftBody =
  | { readonly ok: true; readonly body: Omit<OpenIncidentBody, 'sentAtMs'> }
  | { readonly ok: false; readonly field: DraftField; readonly code: string };

/** What is sent of a draft, or the first field that stands in the way. */
export function bodyOf(draft: Draft): DraftBody {
  const { phone, typeCode, typeText, point, placeText, reference, sectorId, narrative } = draft;
  if (said(phone) && !normalisePhone(phone).ok) return { ok: false, field: 'phone', code: 'phone-malformed' };
  if (typeCode === null && said(typeText)) return { ok: false, field: 'type', code: 'type-unknown' };
  const placed = point !== null || sectorId !== null || said(placeText);
  if (!placed && said(reference)) return { ok: false, field: 'place', code: 'place-empty' };
  if (typeCode === null && !placed && !said(narrative)) return { ok: false, field: 'type', code: 'draft-empty' };
  return {
    ok: true,
    body: {
      commandId: draft.commandId,
      incidentId: draft.incidentId,
      channel: draft.channel,
      ...(draft.cameraId === null ? {} : { cameraId: draft.cameraId }),
      ...(draft.alarmId === null ? {} : { alarmId: draft.alarmId }),
      ...(typeCode === null ? {} : { typeCode }),
      ...(placed ? { place: { point, sectorId, address: placeText.trim(), reference: reference.trim() } } : {}),
      ...(said(narrative) ? { narrative: { id: draft.narrativeId, text: narrative.trim() } } : {}),
      // Nobody calls when a camera does.
      ...(draft.alarmId !== null && !said(phone) ? {} : { call: callOf(draft) }),
    },
  };
}

/**
 * The draft under the id that its command is to be sent with. The server does an id once, and answers a repeat as the first
 * time: what was sent before under this id and is another thing now gets another one, also after a reload.
 */
export function commandOf(draft: Draft, path: string, command: object, makeId: () => string): Draft {
  const sentAs = JSON.stringify([path, { ...command, commandId: null }]);
  const isOther = draft.sentAs !== null && draft.sentAs !== sentAs;
  return { ...draft, sentAs, commandId: isOther ? makeId() : draft.commandId };
}

/** The call alone, for an incident that is registered already. */
export function callOf(draft: Draft): NonNullable<OpenIncidentBody['call']> {
  return {
    id: draft.callId,
    channel: draft.channel,
    receivedAtMs: Math.round(draft.startedAtMs),
    callerName: draft.callerName.trim(),
    callerPhone: said(draft.phone) ? draft.phone.trim() : null,
    callerAddress: '',
    callerPoint: null,
    mayBeNamed: false,
  };
}

function said(text: string): boolean {
  return text.trim() !== '';
}

/** Where drafts survive a reload: the browser's `sessionStorage`, one per tab. */
export interface DraftShelf {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
  removeItem(key: string): void;
}

/** Keeps the one draft of this tab. A shelf that refuses (private mode, quota) never stops the call. */
export class DraftKeeper {
  private readonly key: string;

  /** Drafts are of one person: who signs in next does not see them. */
  constructor(
    private readonly shelf: DraftShelf,
    accountId: string,
  ) {
    this.key = `atalaya.draft.${accountId}`;
  }

  /** The kept draft; `null` when there is none that can be read. */
  load(): Draft | null {
    try {
      const parsed = draftShape.safeParse(JSON.parse(this.shelf.getItem(this.key) ?? 'null'));
      return parsed.success ? parsed.data : null;
    } catch {
      return null;
    }
  }

  /** Answers whether it is safe from a reload. */
  save(draft: Draft): boolean {
    try {
      if (isTouched(draft)) this.shelf.setItem(this.key, JSON.stringify(draft));
      else this.shelf.removeItem(this.key);
      return true;
    } catch {
      return false;
    }
  }

  forget(): void {
    try {
      this.shelf.removeItem(this.key);
    } catch {
      // It could not be written either.
    }
  }
}
