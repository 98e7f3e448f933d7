import { distanceM, sees } from '#libs/geo';
import type { CameraView, IncidentItem } from '#libs/wire';
import type { Raise } from '../alarms/attention.ts';

/** A wall shows the cameras of a new P1 so long; by then units are sent and somebody looks at it at a desk. */
export const GRAVE_HOLD_MS = 180_000;

type Grave = Pick<IncidentItem, 'id' | 'priority' | 'status' | 'clocks'>;

/**
 * Since when each incident is a P1, as one wall knows it: one that was so when the wall first saw it since it was classified, one
 * that became so later since then. It forgets what is over.
 */
export class GraveWatch {
  private readonly others = new Set<string>();
  private readonly sinceMs = new Map<string, number>();

  /** P1s that a wall shows cameras of at this moment, the newest first. */
  held<I extends Grave>(incidents: readonly I[], nowMs: number): I[] {
    this.look(incidents, nowMs);
    return incidents
      .filter(
        ({ id, status }) => status !== 'controlled' && nowMs - (this.sinceMs.get(id) ?? -Infinity) < GRAVE_HOLD_MS,
      )
      .toSorted((a, b) => this.sinceMs.get(b.id)! - this.sinceMs.get(a.id)!);
  }

  private look(incidents: readonly Grave[], nowMs: number): void {
    const ids = new Set(incidents.map(({ id }) => id));
    // An empty board is one that is being read again: what it held is not new when it is back.
    if (ids.size > 0)
      for (const known of [this.others, this.sinceMs])
        for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
    for (const { id, priority, clocks } of incidents) {
      if (priority !== 'P1') {
        this.others.add(id);
        this.sinceMs.delete(id);
      } else if (!this.sinceMs.has(id))
        this.sinceMs.set(id, this.others.has(id) ? nowMs : (clocks.classifiedAtMs ?? clocks.openedAtMs));
    }
  }
}

/**
 * Cameras to raise for incidents, in their order, for each the nearest that see it first. None for a masked one: a wall is read by
 * everybody in the room.
 */
export function raisesFor(incidents: readonly IncidentItem[], cameras: readonly CameraView[]): Raise[] {
  return incidents.flatMap((incident) => {
    const point = incident.place?.point;
    if (!point || incident.masked || incident.hidden.includes('place')) return [];
    return cameras
      .flatMap(({ id, place, bearingDeg, fieldOfViewDeg, rangeM }) => {
        const isOwn = id === incident.cameraId;
        if (place === null) return isOwn ? [{ id, awayM: 0 }] : [];
        const awayM = isOwn ? 0 : distanceM(place, point);
        if (isOwn) return [{ id, awayM }];
        if (bearingDeg === null || fieldOfViewDeg === null || rangeM === null) return [];
        return sees({ place, bearingDeg, fieldOfViewDeg, rangeM }, point) ? [{ id, awayM }] : [];
      })
      .toSorted((a, b) => a.awayM - b.awayM)
      .map(({ id }): Raise => ({ kind: 'incident', cameraId: id, incident }));
  });
}
