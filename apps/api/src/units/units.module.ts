import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.ts';
import { NoSectors, PatrolSectors } from './patrol-sectors.ts';
import { NoPositions, UnitPositions } from './unit-positions.ts';
import { UnitPublisher } from './unit-publisher.ts';
import { UnitController } from './unit.controller.ts';

/** Crews and their vehicles. */
@Module({
  imports: [DispatchModule],
  controllers: [UnitController],
  providers: [
    { provide: UnitPositions, useClass: NoPositions },
    { provide: PatrolSectors, useClass: NoSectors },
    UnitPublisher,
  ],
  exports: [UnitPositions, PatrolSectors, UnitPublisher],
})
export class UnitsModule {}
