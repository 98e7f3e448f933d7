import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { sleep } from '#libs/base';
import { coverageOf, sectorsReaching, type Sector } from '#libs/geo';
import type { ZoneCoverageView } from '#libs/wire';
import { CameraHealthReader } from '../cameras/camera-health-reader.ts';
import { placeOf } from '../cameras/camera-views.ts';
import type { CameraEntity } from '../cameras/camera.entity.ts';
import { CameraStore } from '../cameras/camera.store.ts';
import { CLOCK, type Clock } from '../clock.ts';
import type { ZoneEntity } from './zone.entity.ts';
import { ZoneStore } from './zone.store.ts';

interface PlacedCamera {
  readonly sector: Sector;
  readonly works: boolean;
}

/** Share of each zone that working cameras see. A zone is computed anew only when its outline, an aim or a state changed. */
@Injectable()
export class CoverageService {
  private readonly computed = new Map<string, { readonly key: string; readonly view: ZoneCoverageView }>();
  private computing: Promise<ZoneCoverageView[]> | undefined;

  constructor(
    private readonly zones: ZoneStore,
    private readonly cameras: CameraStore,
    private readonly health: CameraHealthReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Callers at the same time share one computation. */
  all(): Promise<ZoneCoverageView[]> {
    this.computing ??= this.compute().finally(() => (this.computing = undefined));
    return this.computing;
  }

  private async compute(): Promise<ZoneCoverageView[]> {
    const [zones, cameras] = await Promise.all([this.zones.all(), this.cameras.all()]);
    const placed = cameras.map(({ camera }) => this.placedOf(camera)).filter((camera) => camera !== undefined);
    const views: ZoneCoverageView[] = [];
    for (const zone of zones) {
      views.push(this.ofZone(zone, placed));
      // One zone with many cameras takes up to half a second: others get their turn between two zones.
      await sleep(this.clock, 0);
    }
    this.forgetOthers(new Set(zones.map((zone) => zone.id)));
    return views;
  }

  private ofZone(zone: ZoneEntity, placed: readonly PlacedCamera[]): ZoneCoverageView {
    const key = createHash('sha256')
      .update(JSON.stringify([zone.polygon, placed]))
      .digest('base64');
    const known = this.computed.get(zone.id);
    if (known?.key === key) return known.view;
    const near = sectorsReaching(
      zone.polygon,
      placed.map((camera) => camera.sector),
    );
    const works = new Set(placed.filter((camera) => camera.works).map((camera) => camera.sector));
    const working = near.filter((sector) => works.has(sector));
    const { areaM2, coveredShare, blind } = coverageOf(zone.polygon, working);
    const view: ZoneCoverageView = {
      zoneId: zone.id,
      areaM2: Math.round(areaM2),
      coveredShare,
      workingCameras: working.length,
      placedCameras: near.length,
      blind,
      computedAtMs: this.clock.nowMs(),
    };
    this.computed.set(zone.id, { key, view });
    return view;
  }

  /** A degraded camera still shows its street. */
  private placedOf(camera: CameraEntity): PlacedCamera | undefined {
    const place = placeOf(camera);
    const { bearingDeg, fieldOfViewDeg, rangeM } = camera;
    if (!place || bearingDeg === null || fieldOfViewDeg === null || rangeM === null) return undefined;
    const { state } = this.health.board.healthOf(camera.id, camera.adoptedAt.getTime());
    return {
      sector: { place, bearingDeg, fieldOfViewDeg, rangeM },
      works: state === 'online' || state === 'degraded' || state === 'standby',
    };
  }

  private forgetOthers(zoneIds: ReadonlySet<string>): void {
    for (const id of this.computed.keys()) if (!zoneIds.has(id)) this.computed.delete(id);
  }
}
