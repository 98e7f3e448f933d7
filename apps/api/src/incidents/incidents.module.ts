import { Module } from '@nestjs/common';
import { CamerasModule } from '../cameras/cameras.module.ts';
import { CatalogueModule } from '../catalogue/catalogue.module.ts';
import { DispatchModule } from '../dispatch/dispatch.module.ts';
import { UnitsModule } from '../units/units.module.ts';
import { IncidentCommandController } from './incident-command.controller.ts';
import { IncidentPublisher } from './incident-publisher.ts';
import { IncidentQueryService } from './incident-query.service.ts';
import { IncidentController } from './incident.controller.ts';
import { RecommendationService } from './recommendation.service.ts';
import { UnmaskService } from './unmask.service.ts';

/** What the centre responds to, from the call to the close. */
@Module({
  imports: [CamerasModule, CatalogueModule, DispatchModule, UnitsModule],
  controllers: [IncidentController, IncidentCommandController],
  providers: [IncidentQueryService, RecommendationService, UnmaskService, IncidentPublisher],
})
export class IncidentsModule {}
