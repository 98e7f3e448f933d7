import { Module } from '@nestjs/common';
import { CamerasModule } from '../cameras/cameras.module.ts';
import { PositionsModule } from '../positions/positions.module.ts';
import { HousekeepingService } from './housekeeping.service.ts';

/** What is done each day without being asked. */
@Module({ imports: [CamerasModule, PositionsModule], providers: [HousekeepingService] })
export class HousekeepingModule {}
