import { Module } from '@nestjs/common';
import { DEFAULT_DISPATCH_RULES } from '#libs/dispatch';
import { IncidentStore } from '../incidents/incident.store.ts';
import { UnitStore } from '../units/unit.store.ts';
import { AlarmWatch } from './alarm-watch.ts';
import { DispatchContext } from './dispatch-context.ts';
import { DISPATCH_RULES } from './dispatch-rules.ts';
import { DispatchService } from './dispatch.service.ts';
import { RosterRolls } from '../shifts/roster-rolls.ts';
import { DutyRolls } from './duty-rolls.ts';
import { LiveBoard } from './live-board.ts';
import { UnitSight } from './unit-sight.ts';

/** Commands to incidents and units, the board as it is now, and what alarms the dispatcher. */
@Module({
  providers: [
    { provide: DISPATCH_RULES, useValue: DEFAULT_DISPATCH_RULES },
    { provide: DutyRolls, useClass: RosterRolls },
    IncidentStore,
    UnitStore,
    DispatchContext,
    DispatchService,
    LiveBoard,
    UnitSight,
    AlarmWatch,
  ],
  exports: [DISPATCH_RULES, DutyRolls, IncidentStore, UnitStore, DispatchService, LiveBoard, UnitSight],
})
export class DispatchModule {}
