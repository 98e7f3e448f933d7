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
  /** Changes when what was sent is changed: the same command is always the same body. */
  commandId: z.uuid(),
  startedAtMs: z.number(),
  channel: z.enum(CHANNEL_CODES),
  cameraId: z.uuid().nullable(),
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
export type DraftChange = Partial<Omit<Draft, 'incidentId' | 'callId' | 'narrativeId' | 'commandId' | 'startedAtMs'>>;

export function newDraft(makeId: () => string, nowMs: number, channel: Channel = 'TEL_LOCAL'): Draft {
  return {
    incidentId: makeId(),
    callId: makeId(),
    narrativeId: makeId(),
    commandId: makeId(),
    startedAtMs: nowMs,
    channel,
    cameraId: null,
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
  const { phone, callerName, typeText, typeCode, placeText, point, reference, narrative } = draft;
  return (
    point !== null || typeCode !== null || [phone, callerName, typeText, placeText, reference, narrative].some(said)
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
      ...(typeCode === null ? {} : { typeCode }),
      ...(placed ? { place: { point, sectorId, address: placeText.trim(), reference: reference.trim() } } : {}),
      ...(said(narrative) ? { narrative: { id: draft.narrativeId, text: narrative.trim() } } : {}),
      call: callOf(draft),
    },
  };
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
