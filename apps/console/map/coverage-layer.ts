import L from 'leaflet';
import type { ZoneCoverageView } from '#libs/wire';
import type { HatchedOptions } from './hatch-canvas.ts';
import type { Palette } from './palette.ts';

/** What no working camera sees of the zones. Empty while the switch is off. */
export class CoverageLayer {
  private readonly group = L.layerGroup();
  private shown: readonly ZoneCoverageView[] | null = null;

  constructor(
    private readonly palette: Palette,
    private readonly renderer: L.Canvas,
  ) {}

  addTo(map: L.Map): void {
    this.group.addTo(map);
  }

  show(coverage: readonly ZoneCoverageView[] | null): void {
    if (coverage === this.shown) return;
    this.shown = coverage;
    this.group.clearLayers();
    for (const zone of coverage ?? []) {
      if (zone.blind.length > 0) this.group.addLayer(this.draw(zone));
    }
  }

  private draw(zone: ZoneCoverageView): L.Polygon {
    const rings = zone.blind.map((polygon) =>
      polygon.map((ring) => ring.map(([lng, lat]): L.LatLngTuple => [lat, lng])),
    );
    const options: HatchedOptions = {
      renderer: this.renderer,
      interactive: false,
      color: this.palette.blind,
      weight: 1.25,
      fillColor: this.palette.page,
      fillOpacity: 0.62,
      hatch: { colour: `${this.palette.blind}73`, spacingPx: 7, widthPx: 1.5, mirrored: true },
    };
    return L.polygon(rings, options as L.PolylineOptions);
  }
}
