import { Module, type DynamicModule } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.ts';
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
        AuditModule, // who did what
        RealtimeModule, // snapshots and numbered changes
      ],
    };
  }
}
