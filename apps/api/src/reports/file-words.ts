import type { ReportGrouping, ReportName } from '#libs/wire';

/** Words of the files that leave the house: a file has no screen to say them for it. */
export interface FileWords {
  readonly title: Readonly<Record<ReportName, string>>;
  readonly by: Readonly<Record<ReportGrouping, string>>;
  readonly weekdays: readonly string[];
  readonly none: string;
  readonly total: string;
  readonly centre: string;
  readonly nothing: string;
  readonly column: Readonly<Record<ColumnName, string>>;
  readonly note: Readonly<Record<NoteName, (...values: (string | number)[]) => string>>;
}

export type ColumnName =
  | 'incidents'
  | 'records'
  | 'median'
  | 'p90'
  | 'dispatch'
  | 'acknowledge'
  | 'departure'
  | 'travel'
  | 'response'
  | 'attention'
  | 'whole'
  | 'answer'
  | 'dispatchTarget'
  | 'onSceneTarget'
  | 'met'
  | 'late'
  | 'never'
  | 'running'
  | 'open'
  | 'attended'
  | 'unattended'
  | 'dismissed'
  | 'falseAlarm'
  | 'falseCall'
  | 'referred'
  | 'merged'
  | 'agency'
  | 'taken'
  | 'declined'
  | 'unanswered'
  | 'takenBy'
  | 'latitude'
  | 'longitude'
  | 'around'
  | 'sector'
  | 'unit'
  | 'days'
  | 'km'
  | 'moving'
  | 'standing'
  | 'unknown'
  | 'attendances'
  | 'arrivals'
  | 'busy'
  | 'area'
  | 'minutes'
  | 'units'
  | 'camera'
  | 'watched'
  | 'away'
  | 'absences'
  | 'longest'
  | 'working';
type NoteName = 'range' | 'made' | 'times' | 'map' | 'spots' | 'patrol' | 'cameras' | 'behind';

const es: FileWords = {
  title: {
    times: 'Tiempos de despacho y respuesta',
    outcomes: 'Resultado de los incidentes',
    map: 'Puntos críticos',
    patrol: 'Patrullaje',
    cameras: 'Cámaras operativas',
  },
  by: {
    sector: 'Sector',
    type: 'Tipo',
    group: 'Grupo',
    priority: 'Prioridad',
    channel: 'Canal',
    hour: 'Hora',
    weekday: 'Día',
    shift: 'Turno',
  },
  weekdays: ['domingo', 'lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado'],
  none: '(sin dato)',
  total: 'Total',
  centre: 'Central de Seguridad Ciudadana',
  nothing: 'No hay registros en estos días.',
  column: {
    incidents: 'Incidentes',
    records: 'registros',
    median: 'mediana (s)',
    p90: 'p90 (s)',
    dispatch: 'Despacho',
    acknowledge: 'Confirmación',
    departure: 'Salida',
    travel: 'Recorrido',
    response: 'Respuesta',
    attention: 'Atención',
    whole: 'Total',
    answer: 'Contestación',
    dispatchTarget: 'Meta de despacho',
    onSceneTarget: 'Meta de llegada',
    met: 'cumple',
    late: 'tarde',
    never: 'sin llegar',
    running: 'en plazo',
    open: 'Abiertos',
    attended: 'Atendidos',
    unattended: 'No atendidos',
    dismissed: 'Desestimados',
    falseAlarm: 'Falsa alarma',
    falseCall: 'Falsa llamada',
    referred: 'Derivados',
    merged: 'Unidos a otro',
    agency: 'Institución',
    taken: 'Recibidos',
    declined: 'Rechazados',
    unanswered: 'Sin respuesta',
    takenBy: 'Quién recibió',
    latitude: 'Latitud',
    longitude: 'Longitud',
    around: 'Con su entorno',
    sector: 'Sector',
    unit: 'Unidad',
    days: 'Días',
    km: 'Km',
    moving: 'Min en movimiento',
    standing: 'Min detenida',
    unknown: 'Min sin dato',
    attendances: 'Asignaciones',
    arrivals: 'Llegadas',
    busy: 'Min en atención',
    area: 'Sector o zona',
    minutes: 'Minutos',
    units: 'Unidades',
    camera: 'Cámara',
    watched: 'Horas observadas',
    away: 'Horas sin imagen',
    absences: 'Cortes',
    longest: 'Corte más largo (min)',
    working: 'Operativa (%)',
  },
  note: {
    range: (from, to) => `Del ${from} al ${to}, días completos (America/Lima)`,
    made: (at, seq) => `Hecho el ${at}, con los hechos hasta el asiento ${seq}`,
    behind: () => 'Faltaban hechos por contar cuando se hizo: pídalo otra vez en unos minutos.',
    times: (counted, merged, dismissed) =>
      `${counted} incidentes contados; quedan fuera ${merged} unidos a otro y ${dismissed} desestimados. ` +
      'Cada tiempo dice de cuántos registros es: los que no tienen ese paso no cuentan.',
    map: (shown, masked, placeless) =>
      `${shown} incidentes en el mapa; quedan fuera ${masked} reservados y ${placeless} sin ubicación.`,
    spots: (cells, mean) =>
      `Gi* de Getis y Ord (1995) sobre ${cells} celdas con algún incidente en estos días, media ${mean} por celda; 5 % de falsos hallazgos (Benjamini y Hochberg, 1995).`,
    patrol: (measured, missing) =>
      `${measured} días medidos, ${missing} sin medir. Minutos por sector y zona con los límites del día de la medición. Distancia en línea recta entre posiciones.`,
    cameras: (from, seconds) =>
      `Según las alarmas de cámara sin imagen, que se conservan desde el ${from}; un corte de menos de ${seconds} s no se cuenta, ni el tiempo en que la propia Central estuvo detenida.`,
  },
};

const en: FileWords = {
  title: {
    times: 'Dispatch and response times',
    outcomes: 'How incidents ended',
    map: 'Hot spots',
    patrol: 'Patrol',
    cameras: 'Cameras working',
  },
  by: {
    sector: 'Sector',
    type: 'Type',
    group: 'Group',
    priority: 'Priority',
    channel: 'Channel',
    hour: 'Hour',
    weekday: 'Weekday',
    shift: 'Shift',
  },
  weekdays: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  none: '(none)',
  total: 'Total',
  centre: 'Operations centre',
  nothing: 'There are no records in these days.',
  column: {
    incidents: 'Incidents',
    records: 'records',
    median: 'median (s)',
    p90: 'p90 (s)',
    dispatch: 'Dispatch',
    acknowledge: 'Acknowledged',
    departure: 'Departure',
    travel: 'Travel',
    response: 'Response',
    attention: 'On the scene',
    whole: 'Whole',
    answer: 'Answer',
    dispatchTarget: 'Dispatch target',
    onSceneTarget: 'Arrival target',
    met: 'met',
    late: 'late',
    never: 'never',
    running: 'in time',
    open: 'Open',
    attended: 'Attended',
    unattended: 'Not attended',
    dismissed: 'Dismissed',
    falseAlarm: 'False alarm',
    falseCall: 'False call',
    referred: 'Referred',
    merged: 'Merged',
    agency: 'Agency',
    taken: 'Taken',
    declined: 'Declined',
    unanswered: 'Unanswered',
    takenBy: 'Taken by',
    latitude: 'Latitude',
    longitude: 'Longitude',
    around: 'With its surroundings',
    sector: 'Sector',
    unit: 'Unit',
    days: 'Days',
    km: 'Km',
    moving: 'Min moving',
    standing: 'Min standing',
    unknown: 'Min unknown',
    attendances: 'Assignments',
    arrivals: 'Arrivals',
    busy: 'Min busy',
    area: 'Sector or zone',
    minutes: 'Minutes',
    units: 'Units',
    camera: 'Camera',
    watched: 'Hours watched',
    away: 'Hours without picture',
    absences: 'Absences',
    longest: 'Longest (min)',
    working: 'Working (%)',
  },
  note: {
    range: (from, to) => `${from} to ${to}, whole days (America/Lima)`,
    made: (at, seq) => `Made ${at}, with everything up to entry ${seq}`,
    behind: () => 'There was more to count when this was made: ask again in some minutes.',
    times: (counted, merged, dismissed) =>
      `${counted} incidents counted; left out are ${merged} merged into another and ${dismissed} dismissed. ` +
      'Each time says of how many records it is: those without that step do not count.',
    map: (shown, masked, placeless) =>
      `${shown} incidents on the map; left out are ${masked} masked and ${placeless} without a place.`,
    spots: (cells, mean) =>
      `Gi* of Getis and Ord (1995) over ${cells} cells with any incident in these days, mean ${mean} per cell; 5 % false discoveries (Benjamini and Hochberg, 1995).`,
    patrol: (measured, missing) =>
      `${measured} days measured, ${missing} not. Minutes by sector and zone with the outlines of the day of measurement. Distance in straight lines between positions.`,
    cameras: (from, seconds) =>
      `By the alarms of cameras without a picture, which are kept since ${from}; an absence of less than ${seconds} s is not counted, nor is the time in which the centre itself was stopped.`,
  },
};

export const FILE_WORDS: Readonly<Record<'es' | 'en', FileWords>> = { es, en };
