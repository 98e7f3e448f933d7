import { Module } from '@nestjs/common';
import { NoSectors, PatrolSectors } from './patrol-sectors.ts';
import { NoPositions, UnitPositions } from './unit-positions.ts';

/** Crews and their vehicles. */
@Module({
  providers: [
    { provide: UnitPositions, useClass: NoPositions },
    { provide: PatrolSectors, useClass: NoSectors },
  ],
  exports: [UnitPositions, PatrolSectors],
})
export class UnitsModule {}
