import { Module } from '@nestjs/common';
import { CamerasModule } from '../cameras/cameras.module.ts';
import { ZoneStore } from '../zones/zone.store.ts';
import { AlarmController } from './alarm.controller.ts';
import { AlarmDesk } from './alarm-desk.service.ts';
import { AlarmIncidents } from './alarm-incidents.service.ts';
import { AlarmRulesController } from './alarm-rules.controller.ts';
import { AlarmRulesService } from './alarm-rules.service.ts';
import { AlarmStore } from './alarm.store.ts';
import { EventLinks } from './event-links.ts';
import { HealthAlarms } from './health-alarms.ts';
import { KnownCameras } from './known-cameras.ts';
import { TopicMemory } from './topic-memory.ts';

/** What cameras call attention with, when it is wanted, and who has seen it. */
@Module({
  imports: [CamerasModule],
  controllers: [AlarmController, AlarmRulesController],
  providers: [
    // rows and rules
    ZoneStore,
    AlarmStore,
    KnownCameras,
    AlarmRulesService,
    TopicMemory,
    // what is made of signals
    AlarmDesk,
    AlarmIncidents,
    // where signals come from
    HealthAlarms,
    EventLinks,
  ],
  exports: [AlarmDesk, AlarmIncidents, AlarmRulesService],
})
export class AlarmsModule {}
