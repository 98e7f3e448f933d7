import { Injectable } from '@nestjs/common';
import type { UnitPositionView } from '#libs/wire';
import { PositionsService } from '../positions/positions.service.ts';
import { UnitPositions } from './unit-positions.ts';

/** Positions from the live board, which is in memory. */
@Injectable()
export class BoardPositions extends UnitPositions {
  constructor(private readonly positions: PositionsService) {
    super();
  }

  override lastOf(unitIds: readonly string[]): Promise<ReadonlyMap<string, UnitPositionView>> {
    const known = new Map<string, UnitPositionView>();
    for (const id of unitIds) {
      const position = this.positions.positionOf(id);
      if (position) known.set(id, position);
    }
    return Promise.resolve(known);
  }
}
