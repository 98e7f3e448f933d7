import type { AlarmKind, AlarmView, IncidentItem } from '#libs/wire';

/** A raised tile stays so long after the alarm's end, so that somebody who looks up still sees where it was. */
export const HOLD_MS = 30_000;
/** An alarm that goes on and is not told again gives its place back after this. */
export const LONGEST_MS = 180_000;

/** Kinds of which the camera's picture shows something: a camera that is away has none to raise. */
const SHOWN_BY_PICTURE: ReadonlySet<AlarmKind> = new Set(['motion', 'line-crossed', 'tamper', 'activity']);

/** Raised alarms that nobody has acknowledged, the longest waiting first. */
export function waitingOf(alarms: readonly AlarmView[]): AlarmView[] {
  return alarms
    .filter(({ raised, acknowledgedAtMs }) => raised && acknowledgedAtMs === null)
    .toSorted((a, b) => a.startedAtMs - b.startedAtMs || a.id.localeCompare(b.id));
}

/** The alarms for which a wall raises a camera now: one per camera, the newest first. */
export function attentionOf(alarms: readonly AlarmView[], nowMs: number): AlarmView[] {
  const wanted = waitingOf(alarms)
    .filter((alarm) => isHeld(alarm, nowMs))
    .toReversed();
  return wanted.filter(({ cameraId }, index) => wanted.findIndex((one) => one.cameraId === cameraId) === index);
}

function isHeld({ kind, endedAtMs, lastSeenAtMs }: AlarmView, nowMs: number): boolean {
  if (!SHOWN_BY_PICTURE.has(kind)) return false;
  return endedAtMs === null ? nowMs - lastSeenAtMs < LONGEST_MS : nowMs - endedAtMs < HOLD_MS;
}

/** Why a wall shows a camera large. */
export type Raise =
  | { readonly kind: 'alarm'; readonly cameraId: string; readonly alarm: AlarmView }
  | { readonly kind: 'incident'; readonly cameraId: string; readonly incident: IncidentItem };

export function raisesOf(attention: readonly AlarmView[]): Raise[] {
  return attention.map((alarm) => ({ kind: 'alarm', cameraId: alarm.cameraId, alarm }));
}

/** One picture of a wall. `away`: another one has its room for now; it stays in the page, so that it is back at once. */
export interface Place<C> {
  readonly camera: C;
  readonly size: 'plain' | 'large' | 'away';
  readonly raise: Raise | undefined;
}

/** Cells that a raised picture takes. */
const RAISED_CELLS = 4;

/**
 * Gives raised cameras a large place and takes the room from the last others. The order of the pictures in the page does
 * not change (a moved video stops): `large` ones are brought to the front by the style sheet.
 *
 * @param raises what goes before first; of several for one camera the first counts
 * @param hasLargePlace the layout has one large place already, which the first picture has while nothing is raised
 */
export function placesOf<C extends { readonly id: string }>(
  cameras: readonly C[],
  shown: readonly C[],
  raises: readonly Raise[],
  hasLargePlace: boolean,
): Place<C>[] {
  const byId = new Map(cameras.map((camera) => [camera.id, camera]));
  const mostRaised = hasLargePlace ? 1 : shown.length >= 2 * RAISED_CELLS ? 2 : 1;
  const byCamera = new Map<string, Raise>();
  for (const raise of raises)
    if (byId.has(raise.cameraId) && !byCamera.has(raise.cameraId)) byCamera.set(raise.cameraId, raise);
  const raised = new Set([...byCamera.keys()].slice(0, mostRaised));
  const guests = [...raised].filter((id) => !shown.some((camera) => camera.id === id));
  const all = [...shown, ...guests.map((id) => byId.get(id)!)];
  const cells = hasLargePlace ? 1 : RAISED_CELLS;
  let room = Math.max(0, shown.length - raised.size * cells);
  return all.map((camera, index): Place<C> => {
    const raise = byCamera.get(camera.id);
    if (raised.has(camera.id)) return { camera, size: 'large', raise };
    const isFirst = hasLargePlace && raised.size === 0 && index === 0;
    const fits = room > 0;
    room--;
    return { camera, size: isFirst ? 'large' : fits ? 'plain' : 'away', raise };
  });
}
