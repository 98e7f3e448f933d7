import { blockOf } from '#libs/access';
import type { PositionBatch } from '#libs/wire';

type Row = PositionBatch['rows'][number];

/** Where a unit is, to a block. */
export function coarseRow([unitId, latitudeDeg, longitudeDeg, ...rest]: Row): Row {
  const block = blockOf({ latitudeDeg, longitudeDeg });
  return [unitId, block.latitudeDeg, block.longitudeDeg, ...rest];
}
