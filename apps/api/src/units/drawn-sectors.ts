import { Injectable } from '@nestjs/common';
import type { Sector } from '#libs/dispatch';
import { SectorStore } from '../sectors/sector.store.ts';
import { PatrolSectors } from './patrol-sectors.ts';

/** Patrol divisions as they are drawn; nobody is kept in an off-limits area. */
@Injectable()
export class DrawnSectors extends PatrolSectors {
  constructor(private readonly sectors: SectorStore) {
    super();
  }

  override async all(): Promise<readonly Sector[]> {
    const patrolled = (await this.sectors.all()).filter(({ kind }) => kind === 'patrol');
    return patrolled.map(({ id, polygon, minUnits }) => ({ id, ring: polygon, minUnits }));
  }
}
