import { Module } from '@nestjs/common';
import { PositionsModule } from '../positions/positions.module.ts';
import { SectorsModule } from '../sectors/sectors.module.ts';
import { BoardPositions } from './board-positions.ts';
import { DrawnSectors } from './drawn-sectors.ts';
import { PatrolSectors } from './patrol-sectors.ts';
import { UnitPositions } from './unit-positions.ts';

/** Crews and their vehicles. */
@Module({
  imports: [PositionsModule, SectorsModule],
  providers: [
    { provide: UnitPositions, useClass: BoardPositions },
    { provide: PatrolSectors, useClass: DrawnSectors },
  ],
  exports: [UnitPositions, PatrolSectors],
})
export class UnitsModule {}
