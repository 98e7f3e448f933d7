import { describe, expect, it } from '@jest/globals';
import { findPlaces, middleOf, type KnownPlace } from './places.ts';

const place = (name: string): KnownPlace => ({
  id: name,
  kind: 'known',
  name,
  point: { latitudeDeg: 0, longitudeDeg: 0 },
  sectorId: null,
});
const PLACES = ['Puerto ENAPU', 'El Puerto', 'Mercado Pacocha', 'Pacocha', 'Plaza de Armas'].map(place);
const found = (typed: string): string[] => findPlaces(PLACES, typed).map(({ name }) => name);

describe('known places', () => {
  it('are found by the beginnings of their words, without accents', () => {
    expect(found('paco')).toEqual(['Pacocha', 'Mercado Pacocha']);
    expect(found('MERC pac')).toEqual(['Mercado Pacocha']);
    expect(found('puérto')).toEqual(['Puerto ENAPU', 'El Puerto']);
    expect(found(' ')).toEqual([]);
    expect(found('cocha')).toEqual([]);
  });

  it('are found once by any of their names', () => {
    const hospital = { ...place('Hospital Ilo II'), aliases: ['EsSalud', 'Seguro Social', 'Hospital del Seguro'] };
    const names = (typed: string): string[] =>
      findPlaces([hospital, place('Seguros Rímac')], typed).map((one) => one.name);
    expect([names('essa'), names('hosp'), names('seguro')]).toEqual([
      ['Hospital Ilo II'],
      ['Hospital Ilo II'],
      ['Seguros Rímac', 'Hospital Ilo II'],
    ]);
  });

  it('of an outline are in its middle', () => {
    expect(
      middleOf([
        [-71, -17],
        [-70, -17],
        [-70, -18],
        [-71, -17],
      ]),
    ).toEqual({ latitudeDeg: -17.5, longitudeDeg: -70.5 });
  });
});
