import L from 'leaflet';
import { sectorOutline } from '#libs/geo';
import { dragged, handlesOf, type Aim, type Handle } from './aim.ts';
import type { Palette } from './palette.ts';

const HANDLES: readonly Handle[] = ['left', 'right', 'far', 'place'];

/** Four handles on the map that place and aim one camera, with the sector drawn live under them. */
export class AimEditor {
  private readonly group = L.layerGroup();
  private readonly markers: Record<Handle, L.Marker>;
  private readonly sector: L.Polygon;
  private before: Aim | undefined;

  /** `onMove` hears every step of a drag, `onDone` its end with the aim before it. */
  constructor(
    private readonly map: L.Map,
    palette: Palette,
    private aim: Aim,
    titles: Readonly<Record<Handle, string>>,
    private readonly onMove: (aim: Aim) => void,
    private readonly onDone: (aim: Aim) => void,
  ) {
    this.sector = L.polygon([], {
      color: palette.accent,
      weight: 2,
      fillColor: palette.accent,
      fillOpacity: 0.25,
      interactive: false,
    });
    this.markers = Object.fromEntries(HANDLES.map((handle) => [handle, this.marker(handle, titles[handle])])) as Record<
      Handle,
      L.Marker
    >;
    this.group.addLayer(this.sector);
    for (const handle of HANDLES) this.group.addLayer(this.markers[handle]);
    this.group.addTo(map);
    this.draw(undefined);
  }

  /** Shows an aim that came from elsewhere: a field, the keyboard, undo. */
  show(aim: Aim): void {
    this.aim = aim;
    this.draw(undefined);
  }

  destroy(): void {
    this.map.removeLayer(this.group);
  }

  private marker(handle: Handle, title: string): L.Marker {
    const icon = L.divIcon({ className: `aim-handle aim-handle--${handle}`, iconSize: [28, 28], html: '<i></i>' });
    const marker = L.marker([0, 0], {
      icon,
      draggable: true,
      keyboard: false,
      title,
      zIndexOffset: handle === 'place' ? 500 : 400,
    });
    marker.on('dragstart', () => (this.before = this.aim));
    marker.on('drag', () => {
      const { lat, lng } = marker.getLatLng();
      this.aim = dragged(this.aim, handle, { latitudeDeg: lat, longitudeDeg: lng });
      this.draw(handle);
      this.onMove(this.aim);
    });
    marker.on('dragend', () => {
      this.draw(undefined);
      if (this.before !== this.aim) this.onDone(this.aim);
    });
    return marker;
  }

  /** The handle under the finger stays there; the others follow the aim. */
  private draw(held: Handle | undefined): void {
    this.sector.setLatLngs(sectorOutline(this.aim).map(([lng, lat]): L.LatLngTuple => [lat, lng]));
    const at = handlesOf(this.aim);
    for (const handle of HANDLES) {
      if (handle !== held) this.markers[handle].setLatLng([at[handle].latitudeDeg, at[handle].longitudeDeg]);
    }
  }
}
