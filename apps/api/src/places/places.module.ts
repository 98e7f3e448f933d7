import { Module } from '@nestjs/common';
import { PlaceController } from './place.controller.ts';
import { PlaceService } from './place.service.ts';
import { PlaceStore } from './place.store.ts';

/** Places that callers name. */
@Module({ controllers: [PlaceController], providers: [PlaceStore, PlaceService] })
export class PlacesModule {}
