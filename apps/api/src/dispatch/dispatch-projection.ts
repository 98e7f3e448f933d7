import { movedBy, namedBy } from '#libs/dispatch';
import { TableProjection } from '../ledger/table-projection.ts';
import { BoardRows } from './board-rows.ts';
import { dispatchEventOf } from './dispatch-kinds.ts';

const INCIDENT_COLUMNS = [
  'id',
  'code',
  'status',
  'live',
  'masked',
  'priority',
  'type_code',
  'channel',
  'camera_id',
  'sector_id',
  'latitude_deg',
  'longitude_deg',
  'call_at',
  'opened_at',
  'opened_by',
  'updated_at',
  'revision',
  'state',
];
const UNIT_COLUMNS = [
  'id',
  'call_sign',
  'kind',
  'status',
  'on_duty',
  'in_emergency',
  'attends_incident_id',
  'sector_id',
  'retired_at',
  'updated_at',
  'revision',
  'state',
];

/** Incidents, units and what is kept beside them: all of it follows from the ledger. The catalogue does not; it is edited. */
export const DISPATCH_PROJECTION = new TableProjection(
  'dispatch',
  [
    { table: 'incident', key: ['id'], columns: INCIDENT_COLUMNS },
    { table: 'unit', key: ['id'], columns: UNIT_COLUMNS },
    {
      table: 'incident_call',
      key: ['incident_id', 'call_id'],
      columns: ['incident_id', 'call_id', 'phone', 'received_at'],
    },
    { table: 'incident_code', key: ['year'], columns: ['year', 'last'] },
    {
      table: 'incident_unmask',
      key: ['incident_id', 'account_id'],
      columns: ['incident_id', 'account_id', 'until_at'],
    },
  ],
  async (entry, manager) => {
    const event = dispatchEventOf(entry);
    if (!event) return;
    const rows = new BoardRows(manager, false);
    await rows.load(namedBy(event), false);
    await rows.load(movedBy(rows.board, event), false);
    rows.take(event, entry.seq);
    await rows.write();
  },
);
