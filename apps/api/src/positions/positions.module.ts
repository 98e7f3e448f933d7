import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.ts';
import { SectorsModule } from '../sectors/sectors.module.ts';
import { ZonesModule } from '../zones/zones.module.ts';
import { CrossingLog } from './crossing-log.ts';
import { CrossingStore } from './crossing.store.ts';
import { DeviceRegistry } from './device-registry.ts';
import { DeviceController } from './device.controller.ts';
import { DeviceGuard } from './device.guard.ts';
import { DeviceService } from './device.service.ts';
import { IntakeController } from './intake.controller.ts';
import { IntakeService } from './intake.service.ts';
import { MetricsExport } from './metrics-export.ts';
import { OtherApis } from './other-apis.ts';
import { PositionMeter } from './position-meter.ts';
import { PositionDeviceStore } from './position-device.store.ts';
import { PositionGateway } from './position.gateway.ts';
import { PositionsHousekeeping } from './positions-housekeeping.ts';
import { PositionsController } from './positions.controller.ts';
import { PositionsService } from './positions.service.ts';
import { TrackWriter } from './track-writer.ts';
import { TrackController } from './track.controller.ts';
import { TrackService } from './track.service.ts';
import { TrackStore } from './track.store.ts';
import { UnitDirectory } from './unit-directory.ts';

/** Where units are and were: devices, intake, the live board, tracks and what they add up to. */
@Module({
  imports: [DispatchModule, ZonesModule, SectorsModule],
  controllers: [PositionsController, IntakeController, DeviceController, TrackController],
  providers: [
    PositionDeviceStore,
    UnitDirectory,
    DeviceRegistry,
    DeviceGuard,
    DeviceService,
    TrackStore,
    TrackWriter,
    CrossingStore,
    CrossingLog,
    OtherApis,
    PositionMeter,
    PositionsService,
    IntakeService,
    PositionGateway,
    TrackService,
    MetricsExport,
    PositionsHousekeeping,
  ],
  exports: [
    PositionsService,
    PositionsHousekeeping,
    TrackService,
    UnitDirectory,
    TrackStore,
    PositionMeter,
    TrackWriter,
    DeviceRegistry,
  ],
})
export class PositionsModule {}
