import { Module } from '@nestjs/common';
import { CamerasModule } from '../cameras/cameras.module.ts';
import { CoverageService } from './coverage.service.ts';
import { ZoneController } from './zone.controller.ts';
import { ZoneService } from './zone.service.ts';
import { ZoneStore } from './zone.store.ts';

/** Areas with a risk level, and what cameras see of them. */
@Module({
  imports: [CamerasModule],
  controllers: [ZoneController],
  providers: [ZoneStore, ZoneService, CoverageService],
  exports: [ZoneStore],
})
export class ZonesModule {}
