import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module.ts';
import { DispatchModule } from '../dispatch/dispatch.module.ts';
import { LedgerStore } from '../ledger/ledger.store.ts';
import { PositionsModule } from '../positions/positions.module.ts';
import { SectorsModule } from '../sectors/sectors.module.ts';
import { ShiftsModule } from '../shifts/shifts.module.ts';
import { CameraWorkService } from './camera-work.service.ts';
import { CameraWorkStore } from './camera-work.store.ts';
import { CrimeMapService } from './crime-map.service.ts';
import { CrimeMapStore } from './crime-map.store.ts';
import { FigureKeeper } from './figure-keeper.ts';
import { FigureStore } from './figure.store.ts';
import { NamesStore } from './names.store.ts';
import { OutcomesService } from './outcomes.service.ts';
import { OutcomesStore } from './outcomes.store.ts';
import { PatrolKeeper } from './patrol-keeper.ts';
import { PatrolService } from './patrol.service.ts';
import { PatrolStore } from './patrol.store.ts';
import { ReportDesk } from './report-desk.ts';
import { ReportFileService } from './report-file.service.ts';
import { ReportReader } from './report-reader.ts';
import { ReportShifts } from './report-shifts.ts';
import { ReportTurns } from './report-turns.ts';
import { ReportsController } from './reports.controller.ts';
import { TimesService } from './times.service.ts';
import { TimesStore } from './times.store.ts';

/** What incidents, patrols and cameras add up to: numbers kept by a reader of the ledger, reports made of them. */
@Module({
  imports: [AlarmsModule, DispatchModule, PositionsModule, SectorsModule, ShiftsModule],
  controllers: [ReportsController],
  providers: [
    LedgerStore,
    FigureStore,
    FigureKeeper,
    ReportTurns,
    ReportReader,
    ReportDesk,
    NamesStore,
    ReportShifts,
    TimesStore,
    TimesService,
    OutcomesStore,
    OutcomesService,
    CrimeMapStore,
    CrimeMapService,
    PatrolStore,
    PatrolKeeper,
    PatrolService,
    CameraWorkStore,
    CameraWorkService,
    ReportFileService,
  ],
})
export class ReportsModule {}
