import { Module } from '@nestjs/common';
import { CatalogueController } from './catalogue.controller.ts';
import { CatalogueService } from './catalogue.service.ts';
import { CatalogueStore } from './catalogue.store.ts';

/** Types of incidents: what they are called, how grave they are, who goes. */
@Module({
  controllers: [CatalogueController],
  providers: [CatalogueStore, CatalogueService],
  exports: [CatalogueStore],
})
export class CatalogueModule {}
