import L from 'leaflet';
import { placeLabels, type LabelBox, type LabelWish, type Obstacle } from './label-placement.ts';

/** Names on the map as page text: selectable sizes from the tokens, none over another. Hidden from readers (lists say the same). */
export class LabelsLayer {
  private readonly host = document.createElement('div');
  private readonly nodes = new Map<string, HTMLElement>();
  private wishes: readonly LabelWish[] = [];
  private map: L.Map | undefined;

  addTo(map: L.Map): void {
    this.map = map;
    const pane = map.createPane('names');
    pane.style.zIndex = '640';
    pane.style.pointerEvents = 'none';
    this.host.className = 'map-names';
    this.host.setAttribute('aria-hidden', 'true');
    pane.appendChild(this.host);
    map.on('zoomstart', () => this.host.classList.add('is-zooming'));
    map.on('moveend zoomend resize', () => this.lay());
  }

  show(wishes: readonly LabelWish[]): void {
    this.wishes = wishes;
    this.lay();
  }

  /** Lays everything anew; call it when the fonts have come. */
  lay(): void {
    const map = this.map;
    if (!map) return;
    const visible = this.visible(map);
    const boxes = visible.map((wish) => this.boxOf(wish, map));
    const placed = new Map(placeLabels(boxes, this.marks(map)).map((label) => [label.id, label]));
    for (const [id, node] of this.nodes) {
      const spot = placed.get(id);
      node.hidden = !spot;
      if (spot) node.style.transform = `translate(${Math.round(spot.leftPx)}px, ${Math.round(spot.topPx)}px)`;
    }
    this.host.classList.remove('is-zooming');
  }

  /** Marks stay visible whether or not their own name finds room. */
  private marks(map: L.Map): Obstacle[] {
    return this.wishes.flatMap(({ markPx, latitudeDeg, longitudeDeg }) => {
      if (markPx === undefined) return [];
      const { x, y } = map.latLngToLayerPoint([latitudeDeg, longitudeDeg]);
      return [{ left: x - markPx, top: y - markPx, right: x + markPx, bottom: y + markPx }];
    });
  }

  private visible(map: L.Map): LabelWish[] {
    const zoom = map.getZoom();
    const bounds = map.getBounds().pad(0.02);
    const wishes = this.wishes.filter(
      (wish) => zoom >= wish.fromZoom && bounds.contains([wish.latitudeDeg, wish.longitudeDeg]),
    );
    const ids = new Set(wishes.map(({ id }) => id));
    for (const [id, node] of this.nodes) {
      if (ids.has(id)) continue;
      node.remove();
      this.nodes.delete(id);
    }
    return wishes;
  }

  private boxOf(wish: LabelWish, map: L.Map): LabelBox {
    const node = this.nodeOf(wish);
    node.hidden = false;
    const { x, y } = map.latLngToLayerPoint([wish.latitudeDeg, wish.longitudeDeg]);
    const { id, offsetPx, weight, above, always } = wish;
    return {
      id,
      xPx: x,
      yPx: y,
      widthPx: node.offsetWidth,
      heightPx: node.offsetHeight,
      offsetPx,
      weight,
      above,
      always,
    };
  }

  private nodeOf(wish: LabelWish): HTMLElement {
    let node = this.nodes.get(wish.id);
    if (!node) {
      node = document.createElement('span');
      this.host.appendChild(node);
      this.nodes.set(wish.id, node);
    }
    const look = `map-name map-name--${wish.look}`;
    if (node.className !== look) node.className = look;
    if (node.textContent !== wish.text) node.textContent = wish.text;
    return node;
  }
}
