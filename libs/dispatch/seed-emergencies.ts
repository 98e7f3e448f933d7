import type { IncidentType } from './incident-type.ts';
import { row } from './seed-row.ts';

/** Emergencias y Defensa Civil; servicio y ambiente. */
export const emergencies = (): readonly IncidentType[] => [
  row(
    'EME-01',
    'Incendio (vivienda, local, vehículo)',
    'P1',
    ['BOM', 'GRD', 'EPS', 'ELE', 'PNP'],
    ['MOV'],
    'ev',
    'fuego, quema, humo, amago, se quema',
  ),
  row(
    'EME-02',
    'Emergencia médica',
    'P1',
    ['SAMU'],
    ['MOV'],
    'm',
    'desmayo, infarto, convulsion, parto, ambulancia, inconsciente',
    {
      skills: ['paramedic'],
    },
  ),
  row('EME-03', 'Fuga de gas / GLP', 'P1', ['BOM', 'GRD'], [], '', 'balon, olor a gas', { instructions: ['cordon'] }),
  row(
    'EME-04',
    'Derrame químico / ácido / nube SO₂',
    'P1',
    ['BOM', 'GRD', 'IND', 'AMB', 'SAL', 'CAP'],
    [],
    'e',
    'materiales peligrosos, amoniaco, acido sulfurico, gases, so2',
    {
      instructions: ['cordon-upwind'],
    },
  ),
  row(
    'EME-05',
    'Sismo (daños reportados)',
    'P1',
    ['GRD', 'COER', 'BOM', 'SAMU', 'SAL'],
    [],
    'e',
    'terremoto, temblor',
    { everyUnit: true },
  ),
  row('EME-06', 'Tsunami / evacuación costera', 'P1', ['CAP', 'COER', 'GRD', 'PNP'], [], 'e', 'maremoto, evacuacion', {
    everyAgency: true,
    everyUnit: true,
    instructions: ['to-safe-zone'],
  }),
  row(
    'EME-07',
    'Oleaje anómalo / rescate en mar o playa',
    'P1',
    ['CAP', 'BOM', 'SAMU'],
    ['MOV', 'DRON'],
    'e',
    'ahogado, ahogamiento, marejada, banista',
  ),
  row(
    'EME-08',
    'Huaico / desborde / inundación',
    'P1',
    ['GRD', 'COER', 'BOM', 'EPS'],
    ['MOV'],
    'e',
    'lluvia, rio, aluvion, aniego',
  ),
  row(
    'EME-09',
    'Colapso de estructura / derrumbe',
    'P1',
    ['BOM', 'GRD', 'PNP'],
    [],
    'e',
    'se cayo, pared, techo, poste caido',
    { instructions: ['cordon'] },
  ),

  row(
    'SER-01',
    'Apoyo a PNP / Fiscalía / Bomberos / SAMU / gerencias',
    'P3',
    [],
    ['MOV'],
    '',
    'apoyo, resguardo, custodia',
    {
      instructions: ['requester-decides'],
    },
  ),
  row(
    'SER-02',
    'Contaminación, quema o arrojo de residuos',
    'P4',
    ['AMB', 'LIM'],
    ['MOT'],
    '',
    'basura, desmonte, humo, quema de basura',
  ),

  row('SER-03', 'Maltrato o ataque animal', 'P3', ['FIS'], ['MOT'], '', 'perro, mordedura, can, gato', {
    enabled: false,
  }),
  row(
    'SER-04',
    'Falla de alumbrado / agua / poste',
    'P4',
    ['ELE', 'EPS'],
    ['MOT'],
    '',
    'luz, apagon, fuga de agua, desague',
    { enabled: false },
  ),
  row('SER-05', 'Resguardo de colegio / evento', 'P4', ['PNP'], ['PIE', 'MOT'], '', 'escuela, procesion, partido', {
    enabled: false,
  }),
  row('SER-06', 'Falsa llamada', 'P4', [], [], '', 'broma, llamada perturbadora', { enabled: false }),
  row('SER-07', 'Cámara / equipo averiado', 'P4', [], [], '', 'camara malograda, radio, tablet', { enabled: false }),
];
