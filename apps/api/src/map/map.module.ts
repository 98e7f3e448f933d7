import { Module } from '@nestjs/common';
import { MapController } from './map.controller.ts';

/** The map's base. */
@Module({ controllers: [MapController] })
export class MapModule {}
