import { useEffect, useMemo } from 'react';
import type { DispatchAlarmView, IncidentItem, IncidentTypeView, SectorView, SessionView, UnitView } from '#libs/wire';
import type { MovingContent } from '../map/moving-layer.ts';
import { may } from '../ui/session.ts';
import { statusLook } from '../ui/unit-look.ts';
import { useServices, useTopic } from './services.tsx';
import type { TopicState } from './topic-store.ts';

export interface BoardView {
  readonly incidentsState: TopicState<'incidents'>;
  readonly unitsState: TopicState<'units'>;
  readonly incidents: readonly IncidentItem[];
  readonly units: readonly UnitView[];
  readonly types: readonly IncidentTypeView[];
  readonly alarms: readonly DispatchAlarmView[];
  readonly sectors: readonly SectorView[];
}

const NONE: readonly never[] = [];

/** Incidents, units, the catalogue and the alarms, for whoever may see them. Nothing is followed that would be refused. */
export function useBoard(session: SessionView): BoardView {
  const seesIncidents = may(session, 'incident:view');
  const incidentsState = useTopic('incidents', seesIncidents);
  const typesState = useTopic('incidentTypes', seesIncidents);
  const alarmsState = useTopic('dispatchAlarms', seesIncidents);
  const unitsState = useTopic('units', may(session, 'unit:view'));
  const sectorsState = useTopic('sectors', may(session, 'zone:view'));
  const units = itemsOf(unitsState);
  useSeed(units);
  return {
    incidentsState,
    unitsState,
    incidents: itemsOf(incidentsState),
    units,
    types: itemsOf(typesState),
    alarms: itemsOf(alarmsState),
    sectors: itemsOf(sectorsState),
  };
}

function itemsOf<T>(state: { readonly kind: string } & { readonly items?: readonly T[] }): readonly T[] {
  return state.kind === 'ready' ? (state.items ?? NONE) : NONE;
}

/** A snapshot says where units were; batches say where they go. */
function useSeed(units: readonly UnitView[]): void {
  const { live } = useServices();
  useEffect(() => {
    const seen = new Map(
      units.flatMap(({ id, position }) => (position ? [[id, { ...position.point, ...position }] as const] : [])),
    );
    live.positions.seed(seen);
  }, [live, units]);
}

/** What of the board a map shows. */
export function useMoving(
  { incidents, units }: Pick<BoardView, 'incidents' | 'units'>,
  selectedIncidentId: string | null = null,
  selectedUnitId: string | null = null,
): MovingContent {
  return useMemo(
    () => ({
      units: units
        .filter(({ retiredAtMs, duty, attends, sos }) => retiredAtMs === null && (duty !== null || attends || sos))
        .map((unit) => ({
          id: unit.id,
          callSign: unit.callSign,
          look: statusLook(unit),
          incidentId: unit.attends?.incidentId ?? null,
        })),
      incidents: incidents.flatMap(({ id, code, status, priority, place }) =>
        place?.point && !['closed', 'dismissed', 'merged'].includes(status)
          ? [{ id, priority, place: place.point, label: code }]
          : [],
      ),
      selectedIncidentId,
      selectedUnitId,
    }),
    [incidents, units, selectedIncidentId, selectedUnitId],
  );
}
