import { Module } from '@nestjs/common';
import { SectorController } from './sector.controller.ts';
import { SectorService } from './sector.service.ts';
import { SectorStore } from './sector.store.ts';

/** Patrol divisions and off-limits areas. */
@Module({ controllers: [SectorController], providers: [SectorStore, SectorService], exports: [SectorStore] })
export class SectorsModule {}
