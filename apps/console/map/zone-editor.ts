import L from 'leaflet';
import './leaflet-global.ts';
import '@geoman-io/leaflet-geoman-free';
import '@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css';
import type { Ring } from '#libs/wire';
import type { TownMap } from './town-map.ts';

/** What stands at the pointer while an outline is drawn. */
export interface DrawingWords {
  readonly first: string;
  readonly next: string;
  readonly finish: string;
}

/** Draws a new outline or edits a given one, corner by corner. The outline is told after each change; null while open. */
export class ZoneEditor {
  private polygon: L.Polygon | undefined;
  private readonly map: L.Map;

  constructor(
    private readonly town: TownMap,
    private look: L.PathOptions,
    ring: Ring | null,
    private readonly onRing: (ring: Ring | null) => void,
    words: DrawingWords,
  ) {
    const { map } = town;
    this.map = map;
    map.on('layeradd', hushCorner);
    // This map was made before the tools were loaded: they are given to it now.
    if (!map.pm) L.PM.reInitLayer(map as unknown as L.Layer);
    const { first: firstVertex, next: continueLine, finish: finishPoly } = words;
    map.pm.setLang('en', { tooltips: { firstVertex, continueLine, finishPoly } }, 'en');
    map.pm.setGlobalOptions({ allowSelfIntersection: false, continueDrawing: false, snapDistance: 12 });
    if (ring) this.edit(L.polygon(latLngsOf(ring), this.style()).addTo(map));
    else this.startDrawing();
  }

  setLook(look: L.PathOptions): void {
    this.look = look;
    this.polygon?.setStyle(this.style());
  }

  /** Takes an outline that was written, not drawn. */
  setRing(ring: Ring): void {
    this.map.off('pm:create', this.onCreate);
    this.map.pm.disableDraw();
    this.polygon?.pm.disable();
    this.polygon?.remove();
    this.edit(L.polygon(latLngsOf(ring), this.style()).addTo(this.map));
  }

  /** Throws the outline away and begins again. */
  restart(): void {
    this.polygon?.remove();
    this.polygon = undefined;
    this.onRing(null);
    this.map.pm.disableDraw();
    this.startDrawing();
  }

  destroy(): void {
    this.map.off('layeradd', hushCorner);
    this.map.off('pm:create', this.onCreate);
    this.map.pm.disableDraw();
    this.polygon?.pm.disable();
    this.polygon?.remove();
  }

  private startDrawing(): void {
    this.map.on('pm:create', this.onCreate);
    const style = this.style();
    this.map.pm.enableDraw('Polygon', {
      templineStyle: style,
      hintlineStyle: { ...style, dashArray: '3 5' },
      pathOptions: style,
    });
  }

  private readonly onCreate = ({ layer }: { layer: L.Layer }): void => {
    this.map.off('pm:create', this.onCreate);
    this.edit(layer as L.Polygon);
  };

  private edit(polygon: L.Polygon): void {
    this.polygon = polygon;
    polygon.setStyle(this.style());
    polygon.pm.enable({ allowSelfIntersection: false });
    polygon.on('pm:edit pm:markerdragend pm:vertexremoved', () => this.tell());
    this.tell();
  }

  private tell(): void {
    const corners = (this.polygon?.getLatLngs()[0] ?? []) as L.LatLng[];
    const positions = corners.map(({ lat, lng }): [number, number] => [rounded(lng), rounded(lat)]);
    const first = positions[0];
    this.onRing(first && positions.length >= 3 ? [...positions, [...first]] : null);
  }

  private style(): L.PathOptions {
    return { ...this.look, weight: 2.5, renderer: this.town.zoneCanvas };
  }
}

/** Leaflet offers each corner as a nameless button; readers and the keyboard have the list of corners in the form. */
function hushCorner({ layer }: L.LayerEvent): void {
  const element = layer instanceof L.Marker ? layer.getElement() : undefined;
  if (!element?.classList.contains('marker-icon')) return;
  element.removeAttribute('role');
  element.setAttribute('aria-hidden', 'true');
  element.tabIndex = -1;
}

function latLngsOf(ring: Ring): L.LatLngTuple[] {
  return ring.slice(0, -1).map(([lng, lat]): L.LatLngTuple => [lat, lng]);
}

/** Seven decimals are 1 cm; more is noise. */
function rounded(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}
