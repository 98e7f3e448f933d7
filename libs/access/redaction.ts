import { isLive, isMasked, type Call, type DispatchEvent, type Incident, type IncidentPlace } from '#libs/dispatch';
import type { GeoPoint } from '#libs/geo';
import { allows, type Role } from './roles.ts';

/** Who looks at an incident. */
export interface Audience {
  readonly role: Role;
  /** Their unit attends it. */
  readonly attends: boolean;
  /** They registered it: whoever wrote it down may read it while it is open. */
  readonly opened: boolean;
  /** They gave a reason a while ago, and it has not expired (`incident:unmasked`). */
  readonly unmasked: boolean;
}

/** What may be hidden of an incident. */
export const PERSONAL_FIELDS = ['callerName', 'callerPhone', 'callerAddress', 'place', 'texts'] as const;
export type PersonalField = (typeof PERSONAL_FIELDS)[number];

/**
 * How much of each is seen. `part` is initials of a name, the last three digits of a phone, a place to about 100 m without
 * its address; `consent` is all of a caller who agreed to be named, else nothing.
 */
export type Sight = 'all' | 'part' | 'consent' | 'none';
export type View = Readonly<Record<PersonalField, Sight>>;

function view(callerName: Sight, callerPhone: Sight, callerAddress: Sight, place: Sight, texts: Sight): View {
  return { callerName, callerPhone, callerAddress, place, texts };
}

const EVERYTHING = view('all', 'all', 'all', 'all', 'all');
/** Initials and a block: what anybody sees of a masked incident (domain.md 4, masking). */
const MASKED = view('part', 'none', 'none', 'part', 'none');
/** Named by consent alone: the identity of who reports is kept from the police otherwise (Ley 30120). */
const POLICE = view('consent', 'consent', 'consent', 'all', 'all');

/** Incidents that hold nothing special. */
const ORDINARY: Readonly<Record<Role, View>> = {
  administrator: view('all', 'part', 'none', 'all', 'all'),
  supervisor: EVERYTHING,
  operator: EVERYTHING,
  dispatcher: EVERYTHING,
  patrol: view('none', 'none', 'none', 'all', 'all'),
  'police-liaison': POLICE,
  'civil-defence': view('none', 'none', 'none', 'all', 'all'),
  auditor: view('part', 'part', 'none', 'all', 'all'),
};

/** Masked incidents while they are open, for those who work on them. All others, and everybody later: {@link MASKED}. */
const MASKED_LIVE: Readonly<Partial<Record<Role, View>>> = { dispatcher: EVERYTHING, 'police-liaison': POLICE };

/** A crew has to find the door, and to know what waits behind it; who called is not needed for that. */
const CREW_ORDINARY = view('all', 'part', 'all', 'all', 'all');
const CREW_MASKED = view('all', 'none', 'all', 'all', 'all');

/** What an audience sees of an incident, field by field. */
export function viewOf(audience: Audience, incident: Incident): View {
  const { role, attends, opened, unmasked } = audience;
  const live = isLive(incident);
  const crew = role === 'patrol' && attends && live;
  if (!isMasked(incident)) return crew ? CREW_ORDINARY : ORDINARY[role];
  if (unmasked && allows(role, 'incident:unmask')) return EVERYTHING;
  if (!live) return MASKED;
  if (crew) return CREW_MASKED;
  if (opened && role === 'operator') return EVERYTHING;
  return MASKED_LIVE[role] ?? MASKED;
}

/** An incident as somebody may see it: the same shape, and the names of what was taken out or shortened. */
export type RedactedIncident = Incident & { readonly hidden: readonly PersonalField[] };
export type RedactedEvent = DispatchEvent & { readonly hidden: readonly PersonalField[] };

/**
 * Hides what an audience may not see. Decide it for every publication anew: incidents close, reasons expire. `today` is the
 * incident as it is now when `incident` is as it once was: what is masked today hides yesterday.
 */
export function redactFor(audience: Audience, incident: Incident, today: Incident = incident): RedactedIncident {
  const sight = viewOf(audience, today);
  const texts = textsBy(sight);
  return {
    ...incident,
    place: placeBy(sight.place, incident.place),
    calls: incident.calls.map((call) => callBy(sight, call)),
    narratives: incident.narratives.map((one) => ({ ...one, text: texts(one.text) })),
    assignments: incident.assignments.map((one) => ({
      ...one,
      destination: texts(one.destination),
      override: one.override && { ...one.override, reason: texts(one.override.reason) },
      end: one.end && { ...one.end, reason: texts(one.end.reason) },
    })),
    referrals: incident.referrals.map((one) => ({
      ...one,
      note: texts(one.note),
      answer: one.answer?.kind === 'declined' ? { ...one.answer, reason: texts(one.answer.reason) } : one.answer,
    })),
    backup: incident.backup && { ...incident.backup, note: texts(incident.backup.note) },
    reopenings: incident.reopenings.map((one) => ({ ...one, reason: texts(one.reason) })),
    hidden: hiddenBy(sight),
  };
}

/** The same for one event of an incident's timeline. `incident` is as it is now: what is masked today hides yesterday. */
export function redactEventFor(audience: Audience, event: DispatchEvent, incident: Incident): RedactedEvent {
  const sight = viewOf(audience, incident);
  return { ...redacted(sight, event), hidden: hiddenBy(sight) };
}

/** Members of events that a person typed, apart from those of {@link redacted}. */
const TYPED = new Set(['reason', 'note', 'destination', 'outcome']);

function redacted(sight: View, event: DispatchEvent): DispatchEvent {
  switch (event.kind) {
    case 'incident:opened':
      return { ...event, place: placeBy(sight.place, event.place) };
    case 'incident:relocated':
      return { ...event, place: placeBy(sight.place, event.place) ?? event.place };
    case 'incident:callAdded':
      return { ...event, call: callBy(sight, event.call) };
    case 'incident:narrated':
      return { ...event, narrative: { ...event.narrative, text: textsBy(sight)(event.narrative.text) } };
    case 'assignment:made':
      return {
        ...event,
        override: event.override && { ...event.override, reason: textsBy(sight)(event.override.reason) },
      };
    default:
      return withoutTyped(sight, event);
  }
}

function withoutTyped<E extends DispatchEvent>(sight: View, event: E): E {
  if (sight.texts === 'all') return event;
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, TYPED.has(name) ? '' : value])) as E;
}

function textsBy({ texts }: View): (text: string) => string {
  return (text) => (texts === 'all' ? text : '');
}

function hiddenBy(sight: View): PersonalField[] {
  return PERSONAL_FIELDS.filter((field) => sight[field] !== 'all');
}

/** To three decimals of a degree: 111 m from south to north, 106 m from west to east at Ilo. The sector stays. */
const BLOCK_PER_DEG = 1_000;

/** The block around a point: all that is told of a place of which a part may be seen. */
export function blockOf({ latitudeDeg, longitudeDeg }: GeoPoint): GeoPoint {
  return {
    latitudeDeg: Math.round(latitudeDeg * BLOCK_PER_DEG) / BLOCK_PER_DEG,
    longitudeDeg: Math.round(longitudeDeg * BLOCK_PER_DEG) / BLOCK_PER_DEG,
  };
}

function placeBy(sight: Sight, place: IncidentPlace | null): IncidentPlace | null {
  if (place === null || sight === 'all') return place;
  const { point, sectorId } = place;
  return { point: sight === 'part' ? point && blockOf(point) : null, sectorId, address: '', reference: '' };
}

function callBy(sight: View, call: Call): Call {
  const seen = (field: Sight): Sight => (field === 'consent' ? (call.mayBeNamed ? 'all' : 'none') : field);
  const address = seen(sight.callerAddress) === 'all';
  return {
    ...call,
    callerName: nameBy(seen(sight.callerName), call.callerName),
    callerPhone: phoneBy(seen(sight.callerPhone), call.callerPhone),
    callerAddress: address ? call.callerAddress : '',
    callerPoint: address ? call.callerPoint : null,
  };
}

/** `Rosa María Quispe` becomes `R. M. Q.` */
function nameBy(sight: Sight, name: string): string {
  if (sight === 'all') return name;
  if (sight !== 'part') return '';
  const words = name.trim().split(/\s+/);
  return words.flatMap((word) => (word === '' ? [] : `${[...word][0]!.toUpperCase()}.`)).join(' ');
}

function phoneBy(sight: Sight, phone: string | null): string | null {
  if (phone === null || sight === 'all') return phone;
  return sight === 'part' ? shortPhone(phone) : null;
}

/** `+51953123456` becomes `•••456`; a number of up to six digits would be told by three: `null`. */
export function shortPhone(phone: string): string | null {
  return phone.length > 6 ? `•••${phone.slice(-3)}` : null;
}
