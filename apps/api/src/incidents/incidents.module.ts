import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module.ts';
import { CamerasModule } from '../cameras/cameras.module.ts';
import { CatalogueModule } from '../catalogue/catalogue.module.ts';
import { DispatchModule } from '../dispatch/dispatch.module.ts';
import { UnitsModule } from '../units/units.module.ts';
import { AlarmIntake } from './alarm-intake.service.ts';
import { IncidentCommandController } from './incident-command.controller.ts';
import { IncidentPublisher } from './incident-publisher.ts';
import { IncidentQueryService } from './incident-query.service.ts';
import { IncidentController } from './incident.controller.ts';
import { OwnIncidentController } from './own-incident.controller.ts';
import { OwnIncidentService } from './own-incident.service.ts';
import { RecommendationService } from './recommendation.service.ts';
import { UnmaskService } from './unmask.service.ts';

/** What the centre responds to, from the call to the close. */
@Module({
  imports: [AlarmsModule, CamerasModule, CatalogueModule, DispatchModule, UnitsModule],
  controllers: [IncidentController, IncidentCommandController, OwnIncidentController],
  providers: [
    IncidentQueryService,
    RecommendationService,
    UnmaskService,
    AlarmIntake,
    OwnIncidentService,
    IncidentPublisher,
  ],
})
export class IncidentsModule {}
