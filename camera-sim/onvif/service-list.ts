import type { OnvifDevice } from './device.ts';
import { NAMESPACES } from './namespaces.ts';

export type ServiceName = 'device' | 'media' | 'media2' | 'ptz' | 'imaging' | 'events';

export interface ServiceEntry {
  readonly name: ServiceName;
  readonly namespace: string;
  readonly path: string;
  /** Version of the service specification that is followed. */
  readonly version: readonly [major: number, minor: number];
}

const ALL: readonly ServiceEntry[] = [
  { name: 'device', namespace: NAMESPACES.tds, path: '/onvif/device_service', version: [20, 12] },
  { name: 'media', namespace: NAMESPACES.trt, path: '/onvif/media_service', version: [20, 12] },
  { name: 'media2', namespace: NAMESPACES.tr2, path: '/onvif/media2_service', version: [20, 12] },
  { name: 'ptz', namespace: NAMESPACES.tptz, path: '/onvif/ptz_service', version: [20, 12] },
  { name: 'imaging', namespace: NAMESPACES.timg, path: '/onvif/imaging_service', version: [20, 6] },
  { name: 'events', namespace: NAMESPACES.tev, path: '/onvif/event_service', version: [20, 12] },
];

/** Path under which the pull points hang. */
export const PULL_POINT_PATH = '/onvif/pullpoint/';
export const DEVICE_PATH = '/onvif/device_service';

/** What this camera offers: no PTZ without a head that moves, no Media2 where nothing could announce it. */
export function servicesOf(device: OnvifDevice): readonly ServiceEntry[] {
  return ALL.filter(({ name }) => {
    if (name === 'ptz') return device.head !== undefined;
    if (name === 'media2') return device.rules.hasGetServices;
    return true;
  });
}
