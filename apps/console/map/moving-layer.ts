import L from 'leaflet';
import type { Clock } from '#libs/base';
import type { Priority } from '#libs/dispatch';
import type { Place } from '#libs/wire';
import type { MovedUnits, UnitFix } from '../live/position-store.ts';
import { fixAge, type UnitLook } from '../ui/unit-look.ts';
import { age } from '../i18n/format.ts';
import { project, shareAt, steer, still, type Motion, type WorldPoint } from './motion.ts';
import type { MovingMarks, Sprite } from './moving-marks.ts';

/** A unit as the map shows it; where it is comes by {@link MovingLayer.move}. */
export interface MapUnit {
  readonly id: string;
  readonly callSign: string;
  readonly look: UnitLook;
  /** What it attends. */
  readonly incidentId: string | null;
}
export interface MapIncident {
  readonly id: string;
  readonly priority: Priority | null;
  readonly place: Place;
  readonly label: string;
}
export interface MovingContent {
  readonly units: readonly MapUnit[];
  readonly incidents: readonly MapIncident[];
  readonly selectedIncidentId: string | null;
  readonly selectedUnitId: string | null;
}
/** What lies under a point of the map. */
export interface MovingHit {
  readonly kind: 'unit' | 'incident';
  readonly id: string;
}

/** Names that a frame draws at most: more cannot be read. */
const MAX_NAMES = 140;
/** With more units than this in view only those with something going on are named, and only ways to the chosen incident drawn. */
const ALL_NAMED = 60;
const HIT_PX = 15;
const ALPHA = { fresh: 1, stale: 0.62, lost: 0.42 } as const;

interface Drawn {
  readonly unit: MapUnit;
  readonly x: number;
  readonly y: number;
  readonly fix: UnitFix;
}
type Box = readonly [left: number, top: number, right: number, bottom: number];

/**
 * Units and incidents on one canvas of their own, above everything that stands still. Batches of positions are merged
 * per unit when they come; however many come, the canvas is drawn once per frame, and not at all while nothing moves.
 */
export class MovingLayer {
  private readonly canvas = document.createElement('canvas');
  private readonly motions = new Map<string, Motion>();
  private readonly fixes = new Map<string, UnitFix>();
  private readonly points = new Map<string, WorldPoint>();
  private content: MovingContent = { units: [], incidents: [], selectedIncidentId: null, selectedUnitId: null };
  private drawn: Drawn[] = [];
  private map: L.Map | undefined;
  private frame: number | undefined;
  private zooming = false;
  /** Until when a mark is on its way. */
  private movingUntilMs = 0;

  constructor(
    private readonly marks: MovingMarks,
    private readonly clock: Clock,
    private readonly serverNowMs: () => number,
    private readonly calm: boolean,
    /** Hears how long each frame kept the main thread, for the benchmark. */
    private readonly onFrame?: (workMs: number) => void,
  ) {}

  addTo(map: L.Map): void {
    this.map = map;
    const pane = map.createPane('moving');
    pane.style.zIndex = '645';
    pane.style.pointerEvents = 'none';
    this.canvas.className = 'map-moving';
    pane.appendChild(this.canvas);
    map.on('move zoomend moveend viewreset resize', () => this.schedule());
    map.on('zoomstart', () => this.setZooming(true));
    map.on('zoomend', () => this.setZooming(false));
    this.schedule();
  }

  destroy(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.map = undefined;
  }

  show(content: MovingContent): void {
    this.content = content;
    const known = new Set(content.units.map(({ id }) => id));
    for (const id of this.motions.keys()) {
      if (known.has(id)) continue;
      this.motions.delete(id);
      this.fixes.delete(id);
    }
    this.points.clear();
    for (const { id, place } of content.incidents) this.points.set(id, project(place.latitudeDeg, place.longitudeDeg));
    this.schedule();
  }

  move(moved: MovedUnits): void {
    const nowMs = this.clock.monotonicMs();
    for (const [id, fix] of moved) {
      const to = project(fix.latitudeDeg, fix.longitudeDeg);
      const motion = this.motions.get(id);
      if (motion) steer(motion, to, nowMs, fix.bearingDeg);
      const kept = motion ?? still(to, nowMs, fix.bearingDeg);
      if (this.calm) kept.durationMs = 0;
      this.motions.set(id, kept);
      this.fixes.set(id, fix);
      this.movingUntilMs = Math.max(this.movingUntilMs, kept.startMs + kept.durationMs);
    }
    this.schedule();
  }

  placeOfUnit(id: string): Place | undefined {
    return this.fixes.get(id);
  }

  /** What is nearest to a point of the container, units before incidents. */
  hit(at: { readonly x: number; readonly y: number }): MovingHit | undefined {
    const near = (x: number, y: number): number => Math.hypot(x - at.x, y - at.y);
    const unit = this.drawn
      .map((one) => ({ id: one.unit.id, far: near(one.x, one.y) }))
      .sort((a, b) => a.far - b.far)[0];
    const toPixel = this.pixels();
    const incident = [...this.points]
      .map(([id, point]) => ({ id, far: toPixel ? near(...toPixel(point)) : Infinity }))
      .sort((a, b) => a.far - b.far)[0];
    if (unit && unit.far <= HIT_PX && unit.far <= (incident?.far ?? Infinity)) return { kind: 'unit', id: unit.id };
    return incident && incident.far <= HIT_PX * 1.3 ? { kind: 'incident', id: incident.id } : undefined;
  }

  /** Asks for one frame; many asks are one frame. */
  schedule(): void {
    if (this.frame !== undefined || !this.map) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      const startedMs = this.clock.monotonicMs();
      this.draw(startedMs);
      this.onFrame?.(this.clock.monotonicMs() - startedMs);
      if (startedMs < this.movingUntilMs || (!this.calm && this.cries())) this.schedule();
    });
  }

  /** While Leaflet scales the panes a mark would swell with them. */
  private setZooming(zooming: boolean): void {
    this.zooming = zooming;
    this.canvas.style.visibility = zooming ? 'hidden' : 'visible';
    this.schedule();
  }

  private cries(): boolean {
    return this.content.units.some(({ look }) => look === 'sos');
  }

  private pixels(): ((point: WorldPoint) => [number, number]) | undefined {
    const map = this.map;
    if (!map) return undefined;
    const scale = 2 ** map.getZoom();
    const origin = map.getPixelOrigin();
    const shift = map.layerPointToContainerPoint([0, 0]);
    return ({ x, y }) => [x * scale - origin.x + shift.x, y * scale - origin.y + shift.y];
  }

  private draw(nowMs: number): void {
    const map = this.map;
    const toPixel = this.pixels();
    const pen = this.canvas.getContext('2d');
    if (!map || !toPixel || !pen || this.zooming) return;
    const size = map.getSize();
    this.fitCanvas(size);
    L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
    const ratio = devicePixelRatio || 1;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, size.x, size.y);
    const units = this.unitsInView(toPixel, size, nowMs);
    this.drawn = units;
    this.drawWays(pen, units, toPixel);
    this.drawIncidents(pen, toPixel, size);
    this.drawUnits(pen, units, nowMs);
    this.drawNames(pen, units);
  }

  private fitCanvas({ x, y }: L.Point): void {
    const ratio = devicePixelRatio || 1;
    const [width, height] = [Math.round(x * ratio), Math.round(y * ratio)];
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.style.width = `${x}px`;
    this.canvas.style.height = `${y}px`;
  }

  private unitsInView(toPixel: (point: WorldPoint) => [number, number], size: L.Point, nowMs: number): Drawn[] {
    const seen: Drawn[] = [];
    for (const unit of this.content.units) {
      const motion = this.motions.get(unit.id);
      const fix = this.fixes.get(unit.id);
      if (!motion || !fix) continue;
      const share = shareAt(motion, nowMs);
      const [x, y] = toPixel({
        x: motion.fromX + (motion.toX - motion.fromX) * share,
        y: motion.fromY + (motion.toY - motion.fromY) * share,
      });
      if (x < -30 || y < -30 || x > size.x + 30 || y > size.y + 30) continue;
      seen.push({ unit, x, y, fix });
    }
    return seen;
  }

  /** From each unit that was sent to where it was sent: the direction, not a road. */
  private drawWays(
    pen: CanvasRenderingContext2D,
    units: readonly Drawn[],
    toPixel: (p: WorldPoint) => [number, number],
  ): void {
    for (const { unit, x, y } of units) {
      const target = unit.look === 'route' && unit.incidentId !== null ? this.points.get(unit.incidentId) : undefined;
      if (!target) continue;
      const chosen = unit.incidentId === this.content.selectedIncidentId;
      if (!chosen && units.length > ALL_NAMED) continue;
      pen.strokeStyle = this.marks.colourOf('route');
      pen.globalAlpha = chosen ? 0.9 : 0.45;
      pen.lineWidth = chosen ? 2.5 : 1.25;
      pen.setLineDash([6, 5]);
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(...toPixel(target));
      pen.stroke();
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  private drawIncidents(
    pen: CanvasRenderingContext2D,
    toPixel: (p: WorldPoint) => [number, number],
    size: L.Point,
  ): void {
    const chosenId = this.content.selectedIncidentId;
    const stamp = (incident: MapIncident): void => {
      const point = this.points.get(incident.id);
      if (!point) return;
      const [x, y] = toPixel(point);
      if (x < -40 || y < -40 || x > size.x + 40 || y > size.y + 40) return;
      put(pen, this.marks.incident(incident.priority, incident.id === chosenId), x, y);
    };
    for (const incident of this.content.incidents) if (incident.id !== chosenId) stamp(incident);
    const chosen = this.content.incidents.find(({ id }) => id === chosenId);
    if (chosen) stamp(chosen);
  }

  private drawUnits(pen: CanvasRenderingContext2D, units: readonly Drawn[], nowMs: number): void {
    const serverNowMs = this.serverNowMs();
    for (const { unit, x, y, fix } of units) {
      const how = fixAge(fix.takenAtMs, serverNowMs);
      const look = how === 'lost' && unit.look !== 'sos' ? 'silent' : unit.look;
      if (look === 'sos' && !this.calm) this.drawCry(pen, x, y, nowMs);
      pen.globalAlpha = look === 'sos' ? 1 : ALPHA[how];
      put(pen, this.marks.unit(look, how === 'fresh' ? (this.motions.get(unit.id)?.bearingDeg ?? null) : null), x, y);
    }
    pen.globalAlpha = 1;
  }

  /** A ring that widens: who asks for help is found at a glance. */
  private drawCry(pen: CanvasRenderingContext2D, x: number, y: number, nowMs: number): void {
    const share = (nowMs % 1_200) / 1_200;
    pen.strokeStyle = this.marks.colourOf('sos');
    pen.globalAlpha = 1 - share;
    pen.lineWidth = 3;
    pen.beginPath();
    pen.arc(x, y, this.marks.unitPx * (1.5 + share * 3), 0, Math.PI * 2);
    pen.stroke();
  }

  private drawNames(pen: CanvasRenderingContext2D, units: readonly Drawn[]): void {
    const serverNowMs = this.serverNowMs();
    const all = units.length <= ALL_NAMED;
    const taken: Box[] = [];
    const named = units
      .filter(({ unit }) => all || unit.look === 'sos' || unit.incidentId !== null || this.isChosen(unit))
      .toSorted((a, b) => this.weight(b.unit) - this.weight(a.unit))
      .slice(0, MAX_NAMES);
    for (const { unit, x, y, fix } of named) {
      const lost = fixAge(fix.takenAtMs, serverNowMs) === 'lost';
      const text = lost ? `${unit.callSign} · ${age(serverNowMs - fix.takenAtMs)}` : unit.callSign;
      const label = this.marks.label(text, lost && unit.look !== 'sos' ? 'silent' : unit.look);
      const spot = this.spotFor(label, x, y, taken);
      if (!spot) continue;
      taken.push(spot);
      pen.drawImage(label.image, spot[0], spot[1], label.widthPx, label.heightPx);
    }
  }

  private isChosen({ id, incidentId }: MapUnit): boolean {
    const { selectedUnitId, selectedIncidentId } = this.content;
    return id === selectedUnitId || (incidentId !== null && incidentId === selectedIncidentId);
  }

  private weight(unit: MapUnit): number {
    return (unit.look === 'sos' ? 4 : 0) + (this.isChosen(unit) ? 2 : 0) + (unit.incidentId === null ? 0 : 1);
  }

  /** Right of the mark, else left, else nowhere: a name over another says nothing. */
  private spotFor({ widthPx, heightPx }: Sprite, x: number, y: number, taken: readonly Box[]): Box | undefined {
    const gap = this.marks.unitPx * 1.5 + 6;
    const boxes: Box[] = [x + gap, x - gap - widthPx].map((left) => [
      left,
      y - heightPx / 2,
      left + widthPx,
      y + heightPx / 2,
    ]);
    return boxes.find((box) => !taken.some((other) => overlap(box, other)));
  }
}

function put(pen: CanvasRenderingContext2D, { image, widthPx, heightPx }: Sprite, x: number, y: number): void {
  pen.drawImage(image, x - widthPx / 2, y - heightPx / 2, widthPx, heightPx);
}

function overlap(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
