import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  changeIncidentTypeBody,
  incidentTypeView,
  type ChangeIncidentTypeBody,
  type IncidentTypeView,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { CatalogueService } from './catalogue.service.ts';

/** A code that no type has is answered as unknown, whatever it looks like. */
const code = z.string().max(20);

/** Types of incidents. */
@ApiTags('incidents')
@Controller('api/incident-types')
export class CatalogueController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Get()
  @Requires('incident:view')
  @Answers(z.array(incidentTypeView))
  list(): Promise<IncidentTypeView[]> {
    return this.catalogue.list();
  }

  @Patch(':code')
  @Requires('catalogue:manage')
  @Answers(incidentTypeView)
  change(
    @Param('code', { schema: code }) typeCode: string,
    @Body({ schema: changeIncidentTypeBody }) body: ChangeIncidentTypeBody,
    @SignedIn() user: SignedInUser,
  ): Promise<IncidentTypeView> {
    return this.catalogue.change(typeCode, body, user);
  }
}
