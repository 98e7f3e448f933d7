import { Injectable } from '@nestjs/common';
import { isInRing } from '#libs/geo';
import type { CameraDetail, CameraView, StreamView } from '#libs/wire';
import type { ZoneEntity } from '../zones/zone.entity.ts';
import { ZoneStore } from '../zones/zone.store.ts';
import { CameraHealthReader } from './camera-health-reader.ts';
import type { CameraStreamEntity } from './camera-stream.entity.ts';
import { isPushed, type CameraEntity } from './camera.entity.ts';
import { CameraStore, type CameraWithStreams } from './camera.store.ts';

/** Cameras as the screens are given them: row, streams, zones by place, health by the relays. */
@Injectable()
export class CameraViews {
  constructor(
    private readonly cameras: CameraStore,
    private readonly zones: ZoneStore,
    private readonly health: CameraHealthReader,
  ) {}

  async all(): Promise<CameraView[]> {
    const [cameras, zones] = await Promise.all([this.cameras.all(), this.zones.all()]);
    return cameras.map((camera) => this.viewOf(camera, zones));
  }

  async byId(id: string): Promise<CameraView | undefined> {
    const [camera, zones] = await Promise.all([this.cameras.byId(id), this.zones.all()]);
    return camera && this.viewOf(camera, zones);
  }

  async detail(id: string): Promise<CameraDetail | undefined> {
    const [found, zones] = await Promise.all([this.cameras.byId(id), this.zones.all()]);
    if (!found) return undefined;
    const {
      host,
      onvifUrl,
      serialNumber,
      macAddress,
      firmware,
      endpointReference,
      adoptedAt,
      rtspTransport,
      audioEnabled,
      audioReason,
    } = found.camera;
    return {
      ...this.viewOf(found, zones),
      host,
      onvifUrl,
      serialNumber,
      macAddress,
      firmware,
      endpointReference,
      adoptedAtMs: adoptedAt.getTime(),
      transport: rtspTransport,
      audio: { enabled: audioEnabled, reason: audioReason },
    };
  }

  private viewOf({ camera, streams }: CameraWithStreams, zones: readonly ZoneEntity[]): CameraView {
    const place = placeOf(camera);
    const { id, code, name, manufacturer, model, demonstration, hasPtz, warm } = camera;
    const { bearingDeg, fieldOfViewDeg, rangeM, clockErrorMs, clockUncertaintyMs } = camera;
    return {
      id,
      code,
      name,
      manufacturer,
      model,
      demonstration,
      hasPtz,
      isPushed: isPushed(camera),
      warm,
      place,
      bearingDeg,
      fieldOfViewDeg,
      rangeM,
      zoneIds: place ? zones.filter((zone) => isInRing(place, zone.polygon)).map((zone) => zone.id) : [],
      streams: streams.toSorted((a, b) => a.role.localeCompare(b.role)).map(streamViewOf),
      health: this.health.board.healthOf(id, camera.adoptedAt.getTime()),
      clockErrorMs,
      clockUncertaintyMs,
    };
  }
}

/** Where a camera stands; `null` until somebody placed it. */
export function placeOf(camera: CameraEntity): CameraView['place'] {
  const { latitudeDeg, longitudeDeg } = camera;
  return latitudeDeg === null || longitudeDeg === null ? null : { latitudeDeg, longitudeDeg };
}

function streamViewOf(stream: CameraStreamEntity): StreamView {
  const { role, codec, widthPx, heightPx, framesPerSecond, bitrateKbps } = stream;
  return { role, codec, widthPx, heightPx, framesPerSecond, bitrateKbps };
}
