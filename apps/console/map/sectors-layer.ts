import L from 'leaflet';
import type { PlaceView, SectorColour, SectorView } from '#libs/wire';
import type { TownMap } from './town-map.ts';

/** Names that fit between streets; further out they would lie over each other. */
const NAMES_FROM_ZOOM = 13.5;

/** Patrol sectors in their colours, off-limits areas crossed out, and known places, over a map that is there already. */
export class SectorsLayer {
  private readonly group = L.layerGroup();
  private readonly named: L.Polygon[] = [];
  private readonly colours: Readonly<Record<SectorColour, string>>;
  private readonly redraw = (): void => this.showNames();

  constructor(
    private readonly town: TownMap,
    private readonly onSector: (id: string) => void,
    private readonly onPlace: (id: string) => void,
  ) {
    this.colours = sectorColours();
    this.group.addTo(town.map);
    town.map.on('zoomend', this.redraw);
  }

  show(sectors: readonly SectorView[], places: readonly PlaceView[], selectedId: string | null): void {
    this.group.clearLayers();
    this.named.length = 0;
    for (const sector of sectors) this.draw(sector, sector.id === selectedId);
    for (const place of places) this.mark(place, place.id === selectedId);
    this.showNames();
  }

  destroy(): void {
    this.town.map.off('zoomend', this.redraw);
    this.group.remove();
  }

  private draw(sector: SectorView, selected: boolean): void {
    const polygon = L.polygon(
      sector.ring.map(([lng, lat]): L.LatLngTuple => [lat, lng]),
      {
        ...sectorStyle(sector, this.colours, this.town),
        weight: selected ? 3.5 : 1.75,
        renderer: this.town.zoneCanvas,
      },
    );
    polygon.on('click', (event) => {
      L.DomEvent.stopPropagation(event);
      this.onSector(sector.id);
    });
    const name = L.DomUtil.create('span');
    name.textContent = sector.code === '' ? sector.name : sector.code;
    polygon.bindTooltip(name, {
      permanent: true,
      direction: 'center',
      className: 'map-sector-name',
      interactive: false,
    });
    this.named.push(polygon);
    this.group.addLayer(polygon);
  }

  private mark(place: PlaceView, selected: boolean): void {
    const at: L.LatLngTuple = [place.point.latitudeDeg, place.point.longitudeDeg];
    const { text, page, accent } = this.town.palette;
    const mark = L.circleMarker(at, {
      radius: selected ? 8 : 5,
      color: page,
      weight: 2,
      fillColor: selected ? accent : text,
      fillOpacity: 1,
      renderer: this.town.zoneCanvas,
    });
    mark.on('click', (event) => {
      L.DomEvent.stopPropagation(event);
      this.onPlace(place.id);
    });
    this.group.addLayer(mark);
  }

  private showNames(): void {
    const near = this.town.map.getZoom() >= NAMES_FROM_ZOOM;
    for (const polygon of this.named) {
      if (near) polygon.openTooltip();
      else polygon.closeTooltip();
    }
  }
}

/** How an area is drawn, by this layer and by its editor. An off-limits area looks like a danger, whatever its colour. */
export function sectorStyle(
  { kind, colour }: Pick<SectorView, 'kind' | 'colour'>,
  colours: Readonly<Record<SectorColour, string>>,
  { palette }: TownMap,
): L.PathOptions {
  const closed = kind === 'off-limits';
  const line = closed ? palette.risk.high : colours[colour];
  const hatch = { colour: `${line}66`, spacingPx: 7, widthPx: 1.5, mirrored: true };
  return {
    color: line,
    fillColor: line,
    fillOpacity: closed ? 0.06 : 0.16,
    ...(closed ? { dashArray: '2 5', hatch } : {}),
  } as L.PathOptions;
}

export function sectorColours(): Readonly<Record<SectorColour, string>> {
  const style = getComputedStyle(document.documentElement);
  const of = (name: SectorColour): string => style.getPropertyValue(`--sector-${name}`).trim();
  return {
    blue: of('blue'),
    teal: of('teal'),
    green: of('green'),
    amber: of('amber'),
    orange: of('orange'),
    pink: of('pink'),
    purple: of('purple'),
    grey: of('grey'),
  };
}
