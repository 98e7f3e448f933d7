/** What people in Ilo report, and in which words. Everything here is made up; names of streets and quarters are real. */

export interface CallKind {
  /** Of the catalogue (domain.md 5.1). */
  readonly typeCode: string;
  /** How often, beside the others: family violence is the call that Ilo has most of (domain.md 0.10). */
  readonly weight: number;
  /** When it is more frequent; left out: at any hour. */
  readonly hours?: 'day' | 'night';
  /** What is happening. */
  readonly facts: readonly string[];
}

export const CALL_KINDS: readonly CallKind[] = [
  {
    typeCode: 'VIF-01',
    weight: 16,
    facts: [
      'Se escuchan gritos de una mujer y golpes en la casa vecina',
      'Su conviviente llegó en estado etílico y la está agrediendo',
      'Una señora pide ayuda desde la ventana, su esposo no la deja salir',
    ],
  },
  {
    typeCode: 'ORD-03',
    weight: 12,
    hours: 'night',
    facts: [
      'Fiesta con equipo de sonido a todo volumen que no deja dormir',
      'Vehículo con parlantes en la vía pública desde hace una hora',
      'Local con música alta y gente tomando en la puerta',
    ],
  },
  {
    typeCode: 'ORD-02',
    weight: 11,
    hours: 'night',
    facts: [
      'Cinco personas libando licor en la vereda',
      'Grupo de jóvenes tomando cerveza en el parque',
      'Sujetos ebrios que molestan a los que pasan',
    ],
  },
  {
    typeCode: 'ORD-04',
    weight: 9,
    facts: [
      'Dos sujetos con mochila miran las puertas de las casas',
      'Auto sin placas estacionado con personas adentro hace rato',
      'Motocicleta lineal que da vueltas por la cuadra sin luces',
    ],
  },
  {
    typeCode: 'PAT-01',
    weight: 9,
    hours: 'day',
    facts: [
      'Le arrebataron el celular y el sujeto corrió',
      'Le sustrajeron la billetera dentro del mercado',
      'Le abrieron la cartera mientras esperaba el colectivo',
    ],
  },
  {
    typeCode: 'ORD-01',
    weight: 7,
    hours: 'night',
    facts: [
      'Pelea entre varias personas a la salida de un local',
      'Dos grupos se lanzan piedras y botellas',
      'Pelea a golpes entre dos hombres, hay sangre',
    ],
  },
  {
    typeCode: 'PAT-02',
    weight: 5,
    hours: 'night',
    facts: [
      'Dos sujetos lo golpearon y le quitaron sus pertenencias',
      'Asaltaron a una pareja y huyeron en mototaxi',
      'Le pusieron un cuchillo y se llevaron su mochila',
    ],
  },
  {
    typeCode: 'TRA-02',
    weight: 6,
    hours: 'day',
    facts: [
      'Choque entre un auto y una camioneta, solo daños',
      'Mototaxi chocó con un vehículo estacionado',
      'Un taxi le rozó el espejo y no quiere responder',
    ],
  },
  {
    typeCode: 'TRA-04',
    weight: 5,
    hours: 'day',
    facts: [
      'Camión estacionado que tapa la salida de su cochera',
      'Colectivos que hacen paradero en la esquina y bloquean el paso',
      'Vehículo abandonado hace días con los vidrios rotos',
    ],
  },
  {
    typeCode: 'EME-02',
    weight: 5,
    facts: [
      'Adulto mayor se desmayó y no responde bien',
      'Persona convulsionando en la vereda',
      'Señora con dolor fuerte de pecho y falta de aire',
    ],
  },
  {
    typeCode: 'TRA-01',
    weight: 4,
    facts: [
      'Atropello, la persona está en el piso y consciente',
      'Motociclista herido tras chocar con un auto',
      'Despiste de una moto, dos jóvenes heridos',
    ],
  },
  {
    typeCode: 'PAT-04',
    weight: 3,
    hours: 'day',
    facts: [
      'Encontró la puerta forzada y su casa revuelta',
      'Ve a un sujeto que salta el muro de la casa vecina',
      'Entraron a robar mientras estaba en el trabajo',
    ],
  },
  {
    typeCode: 'PAT-06',
    weight: 3,
    hours: 'night',
    facts: [
      'Le robaron su motocicleta lineal estacionada frente a su casa',
      'Se llevaron una mototaxi, todavía la ven a dos cuadras',
    ],
  },
  {
    typeCode: 'PAT-07',
    weight: 3,
    hours: 'night',
    facts: ['Sujeto retira los espejos de un auto estacionado', 'Le sacaron la batería a su vehículo'],
  },
  {
    typeCode: 'DRO-01',
    weight: 4,
    hours: 'night',
    facts: ['Jóvenes consumen drogas en la losa deportiva', 'Olor fuerte y varias personas fumando detrás del colegio'],
  },
  {
    typeCode: 'ORD-09',
    weight: 4,
    facts: ['Discusión entre vecinos por un lindero, se amenazan', 'Vecino amenaza con un palo por el estacionamiento'],
  },
  {
    typeCode: 'SER-02',
    weight: 4,
    hours: 'day',
    facts: ['Arrojan desmonte en el terreno vacío', 'Queman basura y el humo entra a las casas'],
  },
  {
    typeCode: 'FIS-02',
    weight: 2,
    hours: 'night',
    facts: ['Bar que sigue atendiendo pasada la hora', 'Discoteca llena, hay gente que no puede salir'],
  },
  {
    typeCode: 'VIF-04',
    weight: 2,
    hours: 'day',
    facts: [
      'No encuentra a su hijo de nueve años desde hace una hora',
      'Su padre de 82 años salió de casa y está desorientado',
    ],
  },
  {
    typeCode: 'EME-01',
    weight: 2,
    facts: ['Sale humo negro del techo de una vivienda de triplay', 'Se quema un vehículo estacionado'],
  },
  {
    typeCode: 'VID-01',
    weight: 3,
    facts: ['Agredieron a un joven, tiene un corte en la cabeza', 'Golpearon a un taxista y sigue en el lugar'],
  },
  {
    typeCode: 'VIF-05',
    weight: 2,
    hours: 'day',
    facts: ['Anciana sola que no ha comido y no sabe dónde vive', 'Persona durmiendo en la vereda, no se levanta'],
  },
  {
    typeCode: 'DRO-03',
    weight: 1,
    hours: 'night',
    facts: ['Hombre con arma de fuego en la cintura discute en la calle'],
  },
  {
    typeCode: 'TRA-03',
    weight: 2,
    hours: 'night',
    facts: ['Auto a gran velocidad que se pasa las esquinas', 'Conductor ebrio que chocó y quiere irse'],
  },
];

export const OPENINGS = [
  'La persona refiere: ',
  'Alertante informa: ',
  'Vecino indica: ',
  'Llamada de una vecina: ',
  '',
  '',
] as const;

export const DETAILS = [
  'Solicita apoyo urgente.',
  'Dice que no es la primera vez.',
  'Hay niños cerca.',
  'No se observan armas.',
  'Uno viste polera negra y gorra.',
  'Se fueron hacia la avenida.',
  'La zona está con poca iluminación.',
  'Espera a la unidad en la puerta.',
  'Pide que no se mencione su nombre.',
  'Quedó en línea y luego se cortó la llamada.',
  'Ocurre desde hace unos veinte minutos.',
] as const;

export const REFERENCES = [
  'Frente a la losa deportiva',
  'A media cuadra del mercado',
  'Al costado de una bodega',
  'Cerca del paradero',
  'Casa de dos pisos, portón azul',
  'Pasando el parque',
  'Frente al local comunal',
  'A espaldas del colegio',
] as const;

/** Streets of the centre (domain.md 3). Which line of the scheme has which name is made up. */
export const PORT_STREETS = [
  'Jr. 28 de Julio',
  'Jr. Matará',
  'Jr. Zepita',
  'Jr. Moquegua',
  'Jr. Abtao',
  'Jr. Mariscal Nieto',
  'Jr. Pichincha',
] as const;

export const GIVEN_NAMES = ['Rosa', 'Juan', 'Carmen', 'Luis', 'María', 'José', 'Julia', 'Víctor', 'Elena', 'Percy'];
export const FAMILY_NAMES = [
  'Mamani',
  'Flores',
  'Ticona',
  'Quispe',
  'Zeballos',
  'Condori',
  'Cutipa',
  'Vargas',
  'Huanca',
  'Salas',
];
