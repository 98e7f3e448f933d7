import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.ts';
import { PositionsModule } from '../positions/positions.module.ts';
import { SectorsModule } from '../sectors/sectors.module.ts';
import { StrayWatch } from './stray-watch.ts';

/** Units in off-limits areas, and away from their own sector. */
@Module({ imports: [DispatchModule, PositionsModule, SectorsModule], providers: [StrayWatch], exports: [StrayWatch] })
export class StraysModule {}
