import L from 'leaflet';
import { sectorOutline, type Sector } from '#libs/geo';
import type { CameraView } from '#libs/wire';
import { cameraMark } from './camera-mark.ts';
import type { LabelWish } from './label-placement.ts';
import type { Palette } from './palette.ts';

/** Under this size on screen a true sector cannot be read: a fan then tells the direction only. */
const MIN_SECTOR_PX = 26;

export interface CamerasLook {
  readonly markPx: number;
  readonly fanPx: number;
}

/** Cameras as dots with what they look at. A camera without a place is not on the map; the list tells of it. */
export class CamerasLayer {
  private readonly group = L.layerGroup();
  private cameras: readonly CameraView[] = [];
  private selectedId: string | null = null;
  private map: L.Map | undefined;

  constructor(
    private readonly palette: Palette,
    private readonly sectorRenderer: L.Canvas,
    private readonly markRenderer: L.Canvas,
    private readonly look: CamerasLook,
    private readonly onSelect: (id: string) => void,
  ) {}

  addTo(map: L.Map): void {
    this.map = map;
    this.group.addTo(map);
    map.on('zoomend', () => this.draw());
  }

  show(cameras: readonly CameraView[], selectedId: string | null): void {
    if (cameras === this.cameras && selectedId === this.selectedId) return;
    this.cameras = cameras;
    this.selectedId = selectedId;
    this.draw();
  }

  labels(textOf: (camera: CameraView) => string): LabelWish[] {
    return this.cameras.flatMap((camera) => {
      if (!camera.place) return [];
      const selected = camera.id === this.selectedId;
      const away = camera.health.state === 'offline';
      return [
        {
          ...camera.place,
          id: `camera/${camera.id}`,
          text: textOf(camera),
          look: selected ? 'camera-selected' : `camera-${camera.health.state}`,
          offsetPx: this.look.markPx + 7,
          markPx: this.look.markPx + 1,
          fromZoom: away || selected ? 0 : 13.5,
          weight: away ? 80 : 60,
          always: selected,
        },
      ];
    });
  }

  private draw(): void {
    const map = this.map;
    if (!map) return;
    this.group.clearLayers();
    const ordered = this.cameras.toSorted(
      (a, b) => Number(a.id === this.selectedId) - Number(b.id === this.selectedId),
    );
    for (const camera of ordered) this.drawOne(camera, map);
  }

  private drawOne(camera: CameraView, map: L.Map): void {
    if (!camera.place) return;
    const at: L.LatLngTuple = [camera.place.latitudeDeg, camera.place.longitudeDeg];
    const colour = this.palette.camera[camera.health.state];
    const sector = sectorOf(camera);
    const large = sector !== null && pixelsOf(map, sector.rangeM, at[0]) >= MIN_SECTOR_PX;
    if (sector && large) this.group.addLayer(this.drawSector(sector, colour, camera));
    const fan =
      sector && !large
        ? { bearingDeg: sector.bearingDeg, angleDeg: sector.fieldOfViewDeg, lengthPx: this.look.fanPx }
        : null;
    const mark = cameraMark(at, {
      renderer: this.markRenderer,
      radius: this.look.markPx,
      state: camera.health.state,
      colour,
      ground: this.palette.page,
      ring: this.palette.text,
      selected: camera.id === this.selectedId,
      fan: camera.health.state === 'offline' ? null : fan,
    });
    this.group.addLayer(mark.on('click', (event) => this.choose(event, camera.id)));
  }

  /** A camera that gives no picture covers nothing: only the outline of what it would see stays. */
  private drawSector(sector: Sector, colour: string, camera: CameraView): L.Polygon {
    const away = camera.health.state === 'offline';
    const selected = camera.id === this.selectedId;
    const outline = sectorOutline(sector).map(([lng, lat]): L.LatLngTuple => [lat, lng]);
    const polygon = L.polygon(outline, {
      snapIgnore: true,
      renderer: this.sectorRenderer,
      color: colour,
      weight: selected ? 2 : 1,
      opacity: away ? 0.5 : 0.75,
      fillColor: colour,
      fillOpacity: away ? 0 : selected ? 0.3 : 0.17,
      ...(away ? { dashArray: '4 4' } : {}),
    });
    return polygon.on('click', (event) => this.choose(event, camera.id));
  }

  private choose(event: L.LeafletMouseEvent, id: string): void {
    L.DomEvent.stopPropagation(event);
    this.onSelect(id);
  }
}

export function sectorOf(
  camera: Pick<CameraView, 'place' | 'bearingDeg' | 'fieldOfViewDeg' | 'rangeM'>,
): Sector | null {
  const { place, bearingDeg, fieldOfViewDeg, rangeM } = camera;
  if (!place || bearingDeg === null || fieldOfViewDeg === null || rangeM === null) return null;
  return { place, bearingDeg, fieldOfViewDeg, rangeM };
}

/** Size on screen of a length on the ground (Web Mercator: 156 543 m per pixel at zoom 0 on the equator). */
function pixelsOf(map: L.Map, metres: number, latitudeDeg: number): number {
  const metresPerPixel = (156_543.034 * Math.cos((latitudeDeg * Math.PI) / 180)) / 2 ** map.getZoom();
  return metres / metresPerPixel;
}
