import L from 'leaflet';
import type { Clock, Timer } from '#libs/base';
import type { CameraView, MapView, Place, ZoneCoverageView, ZoneView } from '#libs/wire';
import type { MovedUnits } from '../live/position-store.ts';
import { baseLayer } from './base-layer.ts';
import { CamerasLayer, type CamerasLook } from './cameras-layer.ts';
import { CoverageLayer } from './coverage-layer.ts';
import { hatchCanvas } from './hatch-canvas.ts';
import { LabelsLayer } from './labels-layer.ts';
import { MovingLayer, type MovingContent } from './moving-layer.ts';
import { MovingMarks } from './moving-marks.ts';
import { readPalette, type Palette } from './palette.ts';
import { schemeLabels } from './schematic/scheme.ts';
import { ZonesLayer } from './zones-layer.ts';

export interface TownMapOptions {
  readonly view: MapView;
  readonly look: CamerasLook;
  /** A wall has no hands: no zoom buttons, no dragging. */
  readonly kiosk: boolean;
  readonly onCamera: (id: string | null) => void;
  readonly onZone: (id: string) => void;
  readonly onIncident: (id: string) => void;
  readonly onUnit: (id: string) => void;
  /** Takes a click as a place: while somebody marks one. Answers whether it was taken. */
  readonly onPlace: (place: Place) => boolean;
  readonly clock: Clock;
  readonly serverNowMs: () => number;
  readonly positions: MapPositions;
}

/** Where units are, as a map hears of it: now, or at a moment of the past. */
export interface MapPositions {
  subscribe(listener: (moved: MovedUnits) => void): () => void;
  all(): MovedUnits;
}

export interface TownContent {
  readonly cameras: readonly CameraView[];
  readonly zones: readonly ZoneView[];
  readonly blind: readonly ZoneCoverageView[] | null;
  readonly selectedCameraId: string | null;
  readonly selectedZoneId: string | null;
  readonly cameraText: (camera: CameraView) => string;
  readonly zoneText: (zone: ZoneView) => string;
  /** Units and incidents, for pages that show them. */
  readonly moving: MovingContent | null;
}

/** Panes from the ground up; each has its own canvas, so that a moving mark does not redraw the streets. */
const PANES: readonly (readonly [string, number])[] = [
  ['ground', 210],
  ['zones', 410],
  ['blind', 420],
  ['sectors', 430],
  ['marks', 450],
];

/** The map of the town with its layers. Knows no React: it is told what to show, and tells what was chosen. */
export class TownMap {
  readonly map: L.Map;
  readonly palette: Palette;
  /** For editors that draw zones: the canvas that knows their texture. */
  readonly zoneCanvas: L.Canvas;
  private readonly zones: ZonesLayer;
  private readonly blind: CoverageLayer;
  private readonly cameras: CamerasLayer;
  private readonly labels = new LabelsLayer();
  private readonly moving: MovingLayer;
  private readonly unfollow: () => void;
  private readonly names = schemeLabels();
  private readonly withNames: boolean;
  /** Height of what covers the lower edge (legend): nothing is fitted under it. */
  private readonly footPx: number;
  /** Set by the first gesture: from then on the view is the viewer's. */
  private locked = false;
  private fittedFor = '';
  private fitting = false;
  private readonly ageing: Timer;
  /** The press that is going on was taken by what moves; layers beneath it stay as they are. */
  private taken = false;

  constructor(host: HTMLElement, options: TownMapOptions) {
    this.palette = readPalette(host);
    this.footPx = options.kiosk ? 72 : 44;
    this.withNames = options.view.base.kind === 'schematic';
    this.map = createMap(host, options);
    const [ground, zones, blind, sectors, marks] = PANES.map(([name, order]) => this.pane(name, order)) as [
      L.Canvas,
      L.Canvas,
      L.Canvas,
      L.Canvas,
      L.Canvas,
    ];
    baseLayer(options.view.base, this.palette, ground).addTo(this.map);
    this.zoneCanvas = zones;
    this.zones = new ZonesLayer(this.palette, zones, (id) => this.taken || options.onZone(id));
    this.blind = new CoverageLayer(this.palette, blind);
    this.cameras = new CamerasLayer(
      this.palette,
      sectors,
      marks,
      options.look,
      (id) => this.taken || options.onCamera(id),
    );
    const movers = movingMarks(host, this.palette, options);
    this.moving = new MovingLayer(movers, options.clock, options.serverNowMs, isStill(options.kiosk));
    for (const layer of [this.zones, this.blind, this.cameras, this.labels, this.moving]) layer.addTo(this.map);
    this.unfollow = options.positions.subscribe((moved) => this.moving.move(moved));
    // Before the layers hear of it: a unit that stands on a camera is the one that is meant.
    this.map.on('preclick', (event) => this.onPress(event, options));
    this.map.on('click', () => this.onEmpty(options));
    this.ageing = options.clock.every(5_000, () => this.moving.schedule());
    this.map.on('dragstart zoomstart', () => (this.locked = this.locked || !this.fitting));
    void document.fonts.ready.then(() => {
      movers.forgetLabels();
      this.labels.lay();
      this.moving.schedule();
    });
  }

  show(content: TownContent): void {
    this.zones.show(content.zones, content.selectedZoneId);
    this.blind.show(content.blind);
    this.cameras.show(content.cameras, content.selectedCameraId);
    this.labels.show([
      ...this.cameras.labels(content.cameraText),
      ...this.zones.labels(content.zoneText),
      ...(this.withNames ? this.names : []),
    ]);
    if (content.moving) this.moving.show(content.moving);
    this.fit(content);
  }

  /** Units were heard of before this map was made. */
  seed(fixes: Parameters<MovingLayer['move']>[0]): void {
    this.moving.move(fixes);
  }

  placeOfUnit(id: string): Place | undefined {
    return this.moving.placeOfUnit(id);
  }

  /** Brings a place into view without changing the zoom when it is in view already. */
  goTo(place: { latitudeDeg: number; longitudeDeg: number }, zoom = 16): void {
    const at: L.LatLngTuple = [place.latitudeDeg, place.longitudeDeg];
    if (this.map.getBounds().pad(-0.15).contains(at) && this.map.getZoom() >= zoom - 1.5) return;
    this.programmed(() => this.map.setView(at, Math.max(zoom, this.map.getZoom())));
  }

  /** Brings a whole outline into view. */
  goToRing(ring: readonly (readonly [number, number])[]): void {
    const bounds = L.latLngBounds(ring.map(([lng, lat]): L.LatLngTuple => [lat, lng]));
    this.programmed(() => this.map.fitBounds(bounds, { padding: [90, 90], maxZoom: 17 }));
  }

  /** Shows everything again and gives the view back to the map. */
  showAll(content: Pick<TownContent, 'cameras' | 'zones'>): void {
    this.locked = false;
    this.fittedFor = '';
    this.fit(content);
  }

  resized(): void {
    this.map.invalidateSize({ animate: false });
    this.fittedFor = this.locked ? this.fittedFor : '';
  }

  destroy(): void {
    this.unfollow();
    this.ageing.cancel();
    this.moving.destroy();
    this.map.remove();
  }

  /** Only when the *set* of what is on the map changes, and never after a gesture. */
  private fit({ cameras, zones }: Pick<TownContent, 'cameras' | 'zones'>): void {
    const placed = cameras.filter((camera) => camera.place !== null);
    const key = [...placed.map(({ id }) => id), ...zones.map(({ id }) => id)].sort().join();
    if (this.locked || key === this.fittedFor || key === '') return;
    this.fittedFor = key;
    const points = placed.map(({ place }): L.LatLngTuple => [place?.latitudeDeg ?? 0, place?.longitudeDeg ?? 0]);
    const corners = zones.flatMap((zone) => zone.ring.map(([lng, lat]): L.LatLngTuple => [lat, lng]));
    this.programmed(() =>
      this.map.fitBounds(L.latLngBounds([...points, ...corners]), {
        paddingTopLeft: [48, 48],
        paddingBottomRight: [72, this.footPx + 28],
        maxZoom: 16.5,
        animate: false,
      }),
    );
  }

  private onPress({ latlng, containerPoint }: L.LeafletMouseEvent, options: TownMapOptions): void {
    const hit = this.moving.hit(containerPoint);
    this.taken = options.onPlace({ latitudeDeg: latlng.lat, longitudeDeg: latlng.lng }) || hit !== undefined;
    if (!this.taken || !hit) return;
    if (hit.kind === 'unit') options.onUnit(hit.id);
    else options.onIncident(hit.id);
  }

  private onEmpty(options: TownMapOptions): void {
    if (!this.taken) options.onCamera(null);
  }

  private programmed(move: () => void): void {
    this.fitting = true;
    move();
    this.fitting = false;
  }

  private pane(name: string, order: number): L.Canvas {
    this.map.createPane(name).style.zIndex = String(order);
    return hatchCanvas(name);
  }
}

/** A wall reads from far, with the sizes of its own tokens. */
function movingMarks(host: HTMLElement, palette: Palette, { kiosk }: TownMapOptions): MovingMarks {
  const { fontFamily } = getComputedStyle(host);
  return new MovingMarks(palette, kiosk ? 11 : 8, kiosk ? 22 : 12, fontFamily);
}

/** For those who ask for no motion, marks stand where they were last heard of. */
function isStill(kiosk: boolean): boolean {
  return !kiosk && matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function createMap(host: HTMLElement, { view, kiosk }: TownMapOptions): L.Map {
  const still = kiosk || matchMedia('(prefers-reduced-motion: reduce)').matches;
  const map = L.map(host, {
    center: [view.centre.latitudeDeg, view.centre.longitudeDeg],
    zoom: view.zoom,
    minZoom: 11,
    maxZoom: 19,
    zoomSnap: 0.25,
    zoomDelta: 0.75,
    zoomControl: false,
    attributionControl: view.base.kind !== 'schematic',
    preferCanvas: true,
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
    keyboard: !kiosk,
  });
  if (!kiosk) L.control.zoom({ position: 'bottomright' }).addTo(map);
  return map;
}
