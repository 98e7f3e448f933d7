import { LocalPlane, type GeoPoint } from '#libs/geo';

/** Sides of a cell that may be asked for, in metres. A block of Ilo is about 100 m. */
export const CELL_SIZES_M = [100, 200, 400, 800] as const;
export type CellSizeM = (typeof CELL_SIZES_M)[number];

/** One square of the grid: `column` grows to the east, `row` to the north. */
export interface Cell {
  readonly column: number;
  readonly row: number;
}

export interface CountedCell extends Cell {
  readonly count: number;
}

/**
 * A square grid over a town, laid on the local plane of its centre: the same point is always in the same cell, whatever is
 * counted. Within 10 km of the centre a side is less than 0.1 % off.
 */
export class TownGrid {
  private readonly plane: LocalPlane;
  /** Degrees of one cell. The plane is equirectangular, so that cells are squares of degrees too. */
  readonly stepLatitudeDeg: number;
  readonly stepLongitudeDeg: number;

  constructor(
    readonly centre: GeoPoint,
    readonly cellM: CellSizeM,
  ) {
    this.plane = new LocalPlane(centre);
    const corner = this.plane.toGeo({ xM: cellM, yM: cellM });
    this.stepLatitudeDeg = corner.latitudeDeg - centre.latitudeDeg;
    this.stepLongitudeDeg = corner.longitudeDeg - centre.longitudeDeg;
  }

  cellOf({ latitudeDeg, longitudeDeg }: GeoPoint): Cell {
    return {
      column: Math.floor((longitudeDeg - this.centre.longitudeDeg) / this.stepLongitudeDeg),
      row: Math.floor((latitudeDeg - this.centre.latitudeDeg) / this.stepLatitudeDeg),
    };
  }

  middleOf({ column, row }: Cell): GeoPoint {
    return this.plane.toGeo({ xM: (column + 0.5) * this.cellM, yM: (row + 0.5) * this.cellM });
  }
}

/** A name for a cell in a map or a set. */
export function cellName({ column, row }: Cell): string {
  return `${column},${row}`;
}
