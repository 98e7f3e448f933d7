import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessModule } from './access/access.module.ts';
import { AlarmsModule } from './alarms/alarms.module.ts';
import { AuditModule } from './audit/audit.module.ts';
import { CamerasModule } from './cameras/cameras.module.ts';
import { CatalogueModule } from './catalogue/catalogue.module.ts';
import { DispatchModule } from './dispatch/dispatch.module.ts';
import { DocumentsModule } from './documents/documents.module.ts';
import { HandoversModule } from './handovers/handovers.module.ts';
import { DutyModule } from './duty/duty.module.ts';
import { HealthModule } from './health/health.module.ts';
import { HousekeepingModule } from './housekeeping/housekeeping.module.ts';
import { HttpModule } from './http/http.module.ts';
import { IncidentsModule } from './incidents/incidents.module.ts';
import { EVERY_KIND } from './ledger-inventory.ts';
import { LedgerModule } from './ledger/ledger.module.ts';
import { MapModule } from './map/map.module.ts';
import { PlacesModule } from './places/places.module.ts';
import { PositionsModule } from './positions/positions.module.ts';
import { PtzModule } from './ptz/ptz.module.ts';
import { PublishersModule } from './publishers/publishers.module.ts';
import { RealtimeModule } from './realtime/realtime.module.ts';
import { ReportsModule } from './reports/reports.module.ts';
import { ReplayModule } from './replay/replay.module.ts';
import { SectorsModule } from './sectors/sectors.module.ts';
import { SettingsModule } from './settings/settings.module.ts';
import { SpineModule, type Spine } from './spine.module.ts';
import { ShiftsModule } from './shifts/shifts.module.ts';
import { StraysModule } from './strays/strays.module.ts';
import { UnitsModule } from './units/units.module.ts';
import { VideoModule } from './video/video.module.ts';
import { ZonesModule } from './zones/zones.module.ts';

/** The inventory: everything the api runs, in order. */
@Module({})
export class AppModule {
  static for(spine: Spine): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SpineModule.for(spine), // settings, clock, log, database
        DiscoveryModule, // lists the routes, so that none is left open
        HttpModule, // checks of origin and shape, one form of refusal
        AuditModule, // who did what
        AccessModule, // accounts, logins, the guard of every route
        LedgerModule.for(EVERY_KIND), // what happened, in order, for good
        SettingsModule, // what an administrator sets at run time
        DocumentsModule, // PDF and CSV
        RealtimeModule, // snapshots and numbered changes
        DutyModule, // which of several apis does what only one may do
        CamerasModule, // finding cameras, taking them over, knowing how they are
        PublishersModule, // cameras that send by themselves, and their keys
        ZonesModule, // areas with a risk level, and what cameras see of them
        AlarmsModule, // what cameras call attention with
        SectorsModule, // patrol divisions and off-limits areas
        PlacesModule, // places that callers name
        PositionsModule, // where units are and were
        PtzModule, // who steers which camera, presets, tours
        VideoModule, // leave to watch
        CatalogueModule, // types of incidents
        DispatchModule, // commands, the board as it is now, alarms
        ShiftsModule, // calendar, rosters, who is on duty
        HandoversModule, // what the next shift has to know
        UnitsModule, // crews and their vehicles
        StraysModule, // units where they have no business
        IncidentsModule, // from the call to the close
        ReportsModule, // what incidents and patrols add up to
        ReplayModule, // the board as it was at any past moment
        MapModule, // what lies under the layers
        HousekeepingModule, // each day, what is no longer needed
        HealthModule, // probes, metrics, the system page
      ],
    };
  }
}
