import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.ts';
import { LedgerStore } from '../ledger/ledger.store.ts';
import { SectorsModule } from '../sectors/sectors.module.ts';
import { CrimeMapService } from './crime-map.service.ts';
import { CrimeMapStore } from './crime-map.store.ts';
import { FigureKeeper } from './figure-keeper.ts';
import { FigureStore } from './figure.store.ts';
import { NamesStore } from './names.store.ts';
import { OutcomesService } from './outcomes.service.ts';
import { OutcomesStore } from './outcomes.store.ts';
import { ReportDesk } from './report-desk.ts';
import { ReportReader } from './report-reader.ts';
import { DefaultShifts, ReportShifts } from './report-shifts.ts';
import { ReportTurns } from './report-turns.ts';
import { ReportsController } from './reports.controller.ts';
import { TimesService } from './times.service.ts';
import { TimesStore } from './times.store.ts';

/** What incidents, patrols and cameras add up to: numbers kept by a reader of the ledger, reports made of them. */
@Module({
  imports: [DispatchModule, SectorsModule],
  controllers: [ReportsController],
  providers: [
    LedgerStore,
    FigureStore,
    FigureKeeper,
    ReportTurns,
    ReportReader,
    ReportDesk,
    NamesStore,
    { provide: ReportShifts, useClass: DefaultShifts },
    TimesStore,
    TimesService,
    OutcomesStore,
    OutcomesService,
    CrimeMapStore,
    CrimeMapService,
  ],
})
export class ReportsModule {}
