import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessModule } from './access/access.module.ts';
import { AuditModule } from './audit/audit.module.ts';
import { HealthModule } from './health/health.module.ts';
import { HttpModule } from './http/http.module.ts';
import { MapModule } from './map/map.module.ts';
import { RealtimeModule } from './realtime/realtime.module.ts';
import { SpineModule, type Spine } from './spine.module.ts';

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
        RealtimeModule, // snapshots and numbered changes
        MapModule, // what lies under the layers
        HealthModule, // probes, metrics, the system page
      ],
    };
  }
}
