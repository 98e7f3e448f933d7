import type { CsvField } from '#libs/base';
import { HANDOVER_SECTIONS, type HandoverSection } from '#libs/shift';
import type { HandoverView } from '#libs/wire';
import type { Block, Cell, Column, PrintedDocument } from '../documents/document.ts';

/** Words of the printed book, as the municipality reads it (es-PE). Codes of units, posts and states are told in words. */
export const SECTION_TITLES: Readonly<Record<HandoverSection, string>> = {
  occurrences: '1. Ocurrencias del relevo',
  cameraStaff: '2. Distribución del personal de cámaras',
  fieldStaff: '3. Distribución del personal de campo',
  patrolReport: '4. Parte de patrullaje',
  highlights: '5. Visualizaciones resaltantes',
};

const WORDS: Readonly<Record<string, string>> = {
  'shift-chief': 'Jefe de turno',
  dispatcher: 'Radioperador',
  'call-taker': 'Operador de llamadas',
  'camera-operator': 'Operador de cámaras',
  'camera-supervisor': 'Supervisor de cámaras',
  'field-supervisor': 'Supervisor de campo',
  driver: 'Conductor',
  sereno: 'Sereno',
  paramedic: 'Paramédico',
  registered: 'Registrada',
  classified: 'Clasificada',
  assigned: 'Asignada',
  dispatched: 'Despachada',
  acknowledged: 'Recibida',
  'en-route': 'En camino',
  'on-scene': 'En el lugar',
  transporting: 'En traslado',
  'at-station': 'En comisaría',
  'backup-requested': 'Apoyo solicitado',
  controlled: 'Controlada',
  closed: 'Cerrada',
  dismissed: 'Desestimada',
  merged: 'Unida',
  referred: 'Derivada',
  reopened: 'Reabierta',
  available: 'Disponible',
  patrolling: 'Patrullando',
  'fixed-post': 'Punto fijo',
  meal: 'Refrigerio',
  refuelling: 'Abasteciendo',
  maintenance: 'Mantenimiento',
  'out-of-service': 'Fuera de servicio',
  absent: 'Ausente',
};
const word = (code: string): string => WORDS[code] ?? code;

const clock = new Intl.DateTimeFormat('es-PE', {
  timeZone: 'America/Lima',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
/** `22/11/2026 06:00` */
export function clockText(atMs: number | null): string {
  return atMs === null ? '' : clock.format(atMs).replace(', ', ' ');
}

export interface FactTable {
  readonly section: HandoverSection;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What the board said, section by section. */
export function factTables({ facts }: HandoverView): FactTable[] {
  const columns = (...titles: string[]): Column[] => titles.map((title) => ({ title }));
  const incident = (one: (typeof facts.incidents)[number]): Cell[] => [
    one.code,
    one.priority ?? '',
    one.type,
    word(one.status),
    one.sector,
    clockText(one.openedAtMs),
  ];
  const incidentColumns = columns('Código', 'Prioridad', 'Tipo', 'Estado', 'Sector', 'Registrada');
  return [
    {
      section: 'occurrences',
      title: 'Incidencias abiertas',
      columns: incidentColumns,
      rows: facts.incidents.map(incident),
    },
    {
      section: 'occurrences',
      title: `Cámaras sin imagen (en línea: ${facts.camerasOnline} de ${facts.camerasAll})`,
      columns: columns('Cámara', 'Nombre', 'Desde', 'Causa'),
      rows: facts.camerasDown.map(({ code, name, sinceMs, reason }) => [code, name, clockText(sinceMs), reason]),
    },
    {
      section: 'occurrences',
      title: 'Alarmas de cámaras',
      columns: columns('Cámara', 'Tipo', 'Desde', 'Atendida'),
      rows: facts.alarms.map((one) => [
        one.camera,
        one.kind,
        clockText(one.raisedAtMs),
        one.acknowledged ? 'sí' : 'no',
      ]),
    },
    {
      section: 'cameraStaff',
      title: 'Personal de la central',
      columns: [{ title: 'Nombre' }, { title: 'Puesto' }, { title: 'Cámaras', share: 2 }, { title: 'Asistencia' }],
      rows: facts.centreStaff.map(({ name, post, cameras, absence }) => [
        name,
        word(post),
        cameras.join(', '),
        absence === null ? '' : word(absence),
      ]),
    },
    {
      section: 'fieldStaff',
      title: 'Unidades en servicio',
      columns: columns('Unidad', 'Tipo', 'Placa', 'Conductor', 'Tripulación', 'Zona', 'Celular', 'Estado'),
      rows: facts.fieldStaff.map((one) => [
        one.callSign,
        one.kind,
        one.plate,
        one.driver,
        one.crew.join(', '),
        one.sector,
        one.phone,
        word(one.status),
      ]),
    },
    {
      section: 'patrolReport',
      title: 'Kilometraje y asignaciones',
      columns: [
        ...columns('Unidad', 'Salida'),
        { title: 'Km salida', align: 'right' },
        { title: 'Llegada' },
        { title: 'Km llegada', align: 'right' },
        { title: 'Km recorridos', align: 'right' },
      ],
      rows: facts.patrols.map((one) => [
        one.callSign,
        clockText(one.startedAtMs),
        one.startKm,
        clockText(one.endedAtMs),
        one.endKm,
        one.startKm === null || one.endKm === null ? null : Math.round((one.endKm - one.startKm) * 10) / 10,
      ]),
    },
    {
      section: 'highlights',
      title: 'Incidencias del turno con video por conservar',
      columns: incidentColumns,
      rows: facts.highlights.map(incident),
    },
  ];
}

/** The book as it is printed. */
export function handoverDocument(
  view: HandoverView,
  municipality: string,
  printed: { readonly by: string; readonly atMs: number },
): PrintedDocument {
  const { shift, opened, sections, state, facts } = view;
  const tables = factTables(view);
  const people = (post: string): string =>
    facts.centreStaff.flatMap((one) => (one.post === post && one.absence === null ? [one.name] : [])).join(', ');
  const body = HANDOVER_SECTIONS.flatMap((section): Block[] => [
    { kind: 'heading', text: SECTION_TITLES[section] },
    ...tables
      .filter((table) => table.section === section)
      .flatMap(({ title, columns, rows }): Block[] => [
        { kind: 'text', text: title, muted: true },
        { kind: 'table', columns, rows, empty: 'Ninguna.' },
      ]),
    { kind: 'text', text: sections[section].text === '' ? 'Sin anotaciones.' : sections[section].text },
  ]);
  const signatures = [
    {
      title: 'Entrega',
      text: state.kind === 'draft' ? 'Sin firma' : `${state.signed.name}, ${clockText(state.signed.atMs)}`,
    },
    {
      title: 'Recibe',
      text:
        state.kind === 'countersigned'
          ? `${state.countersigned.name}, ${clockText(state.countersigned.atMs)}`
          : 'Sin visto bueno',
    },
  ];
  const hash = view.sha256 === null ? 'Borrador sin firma.' : `SHA-256 de lo firmado: ${view.sha256}.`;
  return {
    municipality,
    centre: 'Central de Seguridad Ciudadana',
    title: state.kind === 'draft' ? 'Relevo de turno (borrador)' : 'Relevo de turno',
    subtitle: `Turno ${shift.name}, ${clockText(shift.startMs)} a ${clockText(shift.endMs)}`,
    footnote: `${hash} Impreso el ${clockText(printed.atMs)} por ${printed.by}.`,
    orientation: 'landscape',
    blocks: [
      {
        kind: 'facts',
        facts: [
          ['Responsable del cuaderno', opened.name],
          ['Abierto', clockText(opened.atMs)],
          ['Jefe de turno', people('shift-chief')],
          ['Supervisor de campo', people('field-supervisor')],
          ['Supervisor de cámaras', people('camera-supervisor')],
          ['Datos tomados', clockText(facts.takenAtMs)],
          ...view.reopenings.map(({ name, atMs, reason }): [string, string] => [
            'Reabierto',
            `${clockText(atMs)}, ${name}: ${reason}`,
          ]),
        ],
      },
      ...(facts.cut ? [{ kind: 'text', text: 'Una lista era más larga y está recortada.' } as const] : []),
      ...body,
      { kind: 'signatures', signatures },
    ],
  };
}

/** The book as rows: one per fact and one per text. */
export function* handoverRows(view: HandoverView): Generator<readonly CsvField[]> {
  const { shift } = view;
  const tables = factTables(view);
  for (const section of HANDOVER_SECTIONS) {
    const start = [shift.date, shift.name, SECTION_TITLES[section]];
    for (const { title, columns, rows } of tables.filter((table) => table.section === section))
      for (const row of rows)
        yield [...start, title, columns.map((column, at) => `${column.title}: ${row[at] ?? ''}`).join(' | ')];
    yield [...start, 'Anotaciones', view.sections[section].text];
  }
}
export const HANDOVER_CSV_TITLES = ['fecha', 'turno', 'sección', 'qué', 'contenido'] as const;
