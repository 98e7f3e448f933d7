import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.ts';
import { PositionsModule } from '../positions/positions.module.ts';
import { SectorsModule } from '../sectors/sectors.module.ts';
import { BoardPositions } from './board-positions.ts';
import { DrawnSectors } from './drawn-sectors.ts';
import { PatrolSectors } from './patrol-sectors.ts';
import { UnitPositions } from './unit-positions.ts';
import { UnitPublisher } from './unit-publisher.ts';
import { UnitController } from './unit.controller.ts';

/** Crews and their vehicles. */
@Module({
  imports: [DispatchModule, PositionsModule, SectorsModule],
  controllers: [UnitController],
  providers: [
    { provide: UnitPositions, useClass: BoardPositions },
    { provide: PatrolSectors, useClass: DrawnSectors },
    UnitPublisher,
  ],
  exports: [UnitPositions, PatrolSectors, UnitPublisher],
})
export class UnitsModule {}
