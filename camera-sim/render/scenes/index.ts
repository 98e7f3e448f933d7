import type { Scene } from '../scene.ts';
import { angeles } from './angeles.ts';
import { callao } from './callao.ts';
import { enapu } from './enapu.ts';
import { malecon } from './malecon.ts';
import { mariategui } from './mariategui.ts';
import { mercado } from './mercado.ts';
import { ovalo } from './ovalo.ts';
import { playa } from './playa.ts';
import { plaza } from './plaza.ts';
import { puente } from './puente.ts';
import { reconfigured } from './reconfigured.ts';
import { terminal } from './terminal.ts';
import { varadero } from './varadero.ts';

/** By the name that clips begin with. */
export const SCENES: Readonly<Record<string, Scene>> = {
  angeles,
  callao,
  enapu,
  malecon,
  mariategui,
  mercado,
  ovalo,
  playa,
  plaza,
  puente,
  reconfigured,
  terminal,
  varadero,
};
