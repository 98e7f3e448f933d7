import L from 'leaflet';
import type { RiskLevel, ZoneView } from '#libs/wire';
import type { Hatch, HatchedOptions } from './hatch-canvas.ts';
import type { LabelWish } from './label-placement.ts';
import type { Palette } from './palette.ts';

const DASH: Readonly<Record<RiskLevel, string>> = { high: '7 5', medium: '2 6', low: '12 6' };

/** Zones by risk level: each level has its colour, its texture and its dash; the name says the level in words. */
export class ZonesLayer {
  private readonly group = L.layerGroup();
  private zones: readonly ZoneView[] = [];
  private selectedId: string | null = null;

  constructor(
    private readonly palette: Palette,
    private readonly renderer: L.Canvas,
    private readonly onSelect: (id: string) => void,
  ) {}

  addTo(map: L.Map): void {
    this.group.addTo(map);
  }

  show(zones: readonly ZoneView[], selectedId: string | null): void {
    if (zones === this.zones && selectedId === this.selectedId) return;
    this.zones = zones;
    this.selectedId = selectedId;
    this.group.clearLayers();
    for (const zone of zones) this.group.addLayer(this.draw(zone));
  }

  labels(textOf: (zone: ZoneView) => string): LabelWish[] {
    return this.zones.map((zone) => ({
      ...topOf(zone),
      id: `zone/${zone.id}`,
      text: textOf(zone),
      look: `zone-${zone.riskLevel}`,
      offsetPx: 3,
      above: true,
      fromZoom: 13,
      weight: zone.riskLevel === 'high' ? 70 : 50,
    }));
  }

  private draw(zone: ZoneView): L.Polygon {
    const selected = zone.id === this.selectedId;
    const polygon = L.polygon(
      zone.ring.map(([lng, lat]): L.LatLngTuple => [lat, lng]),
      {
        ...zoneStyle(zone.riskLevel, this.palette),
        renderer: this.renderer,
        weight: selected ? 3 : 1.75,
      } as L.PolylineOptions,
    );
    return polygon.on('click', (event) => {
      L.DomEvent.stopPropagation(event);
      this.onSelect(zone.id);
    });
  }
}

/** How a zone of a level is drawn, by this layer and by the editor. */
export function zoneStyle(level: RiskLevel, palette: Palette): HatchedOptions {
  const colour = palette.risk[level];
  const hatch: Hatch = {
    colour: `${colour}4d`,
    spacingPx: level === 'high' ? 8 : 12,
    widthPx: 1.25,
    mirrored: level === 'medium',
  };
  return {
    color: colour,
    dashArray: DASH[level],
    fillColor: colour,
    fillOpacity: 0.09,
    ...(level === 'low' ? {} : { hatch }),
  };
}

/** The middle of the northern edge: names stand outside the zone and hide nothing in it. */
function topOf(zone: ZoneView): { latitudeDeg: number; longitudeDeg: number } {
  const latitudeDeg = Math.max(...zone.ring.map(([, lat]) => lat));
  const lngs = zone.ring.map(([lng]) => lng);
  return { latitudeDeg, longitudeDeg: (Math.min(...lngs) + Math.max(...lngs)) / 2 };
}
