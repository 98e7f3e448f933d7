import { Module } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.ts';
import { ZoneStore } from '../zones/zone.store.ts';
import { AdoptionService } from './adoption.service.ts';
import { CameraAudioService } from './camera-audio.service.ts';
import { CameraCredentialService } from './camera-credential.service.ts';
import { CameraController } from './camera.controller.ts';
import { CameraHealthReader } from './camera-health-reader.ts';
import { CameraHealthStore } from './camera-health.store.ts';
import { CAMERA_NETWORKS } from './camera-networks.ts';
import { CameraNetworksController } from './camera-networks.controller.ts';
import { CameraNetworksService } from './camera-networks.service.ts';
import { CameraPublisher } from './camera-publisher.ts';
import { CameraRemovalService } from './camera-removal.service.ts';
import { CameraService } from './camera.service.ts';
import { CameraStore } from './camera.store.ts';
import { CameraViews } from './camera-views.ts';
import { CandidateController } from './candidate.controller.ts';
import { CandidateService } from './candidate.service.ts';
import { CandidateStore } from './candidate.store.ts';
import { ClockWatch } from './clock-watch.ts';
import { CredentialVault } from './credential-vault.ts';
import { DeviceAccess } from './device-access.ts';
import { DeviceFinder } from './device-finder.ts';
import { DeviceLoginLimit } from './device-login-limit.ts';
import { DeviceInspector } from './device-inspector.ts';
import { DiscoveryController } from './discovery.controller.ts';
import { DiscoveryNet } from './discovery-net.ts';
import { DiscoveryService } from './discovery.service.ts';
import { PresenceWatch } from './presence-watch.ts';
import { RebindingService } from './rebinding.service.ts';
import { SightingService } from './sighting.service.ts';
import { DeviceLines } from './soap-line.ts';

/** Finding cameras, taking them over, knowing how they are. */
@Module({
  controllers: [CameraController, CandidateController, DiscoveryController, CameraNetworksController],
  providers: [
    // the network
    CameraNetworksService,
    { provide: CAMERA_NETWORKS, useExisting: CameraNetworksService },
    DeviceLines,
    DiscoveryNet,
    DeviceFinder,
    DeviceAccess,
    DeviceInspector,
    { provide: DeviceLoginLimit, inject: [CLOCK], useFactory: (clock: Clock) => new DeviceLoginLimit(clock) },
    // rows
    CameraStore,
    CandidateStore,
    CameraHealthStore,
    ZoneStore,
    CredentialVault,
    // what is shown
    CameraHealthReader,
    CameraViews,
    CameraPublisher,
    // what is done
    CandidateService,
    AdoptionService,
    CameraService,
    CameraRemovalService,
    CameraAudioService,
    CameraCredentialService,
    RebindingService,
    SightingService,
    DiscoveryService,
    // what is noticed
    PresenceWatch,
    ClockWatch,
  ],
  exports: [
    CandidateService,
    CameraStore,
    CameraHealthStore,
    CameraHealthReader,
    CameraPublisher,
    CredentialVault,
    DeviceAccess,
  ],
})
export class CamerasModule {}
