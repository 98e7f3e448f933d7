export { LABELS, LINES, QUARTERS, SEA } from './ilo.ts';
export type { SchemeLabel, SchemeLine, SchemeQuarter } from './shapes.ts';
export { streetGrid, type LonLat } from './street-grid.ts';
export { roadLines, type RoadKind, type RoadLine } from './road-lines.ts';
export { RoadGraph, type RoadEdge, type RoadNode } from './road-graph.ts';
export { ROAD_SPEED_KMH, roadPath } from './road-path.ts';
