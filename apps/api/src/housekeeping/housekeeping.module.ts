import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module.ts';
import { CamerasModule } from '../cameras/cameras.module.ts';
import { PositionsModule } from '../positions/positions.module.ts';
import { HousekeepingService } from './housekeeping.service.ts';

/** What is done each day without being asked. */
@Module({ imports: [CamerasModule, AlarmsModule, PositionsModule], providers: [HousekeepingService] })
export class HousekeepingModule {}
