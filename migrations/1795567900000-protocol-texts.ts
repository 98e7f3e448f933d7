import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * First texts of what to ask and do by type of incident, short, in the words of the centre. They are a beginning that the centre edits:
 * a text that somebody wrote already stays as it is. The norms behind them stand beside each.
 */
export class ProtocolTexts1795567900000 implements MigrationInterface {
  name = 'ProtocolTexts1795567900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE incident_type SET protocol = concat_ws(E'\\n',
         texts.own ->> code,
         CASE WHEN masked THEN $2 END,
         CASE WHEN video THEN $3 END,
         CASE WHEN edan THEN $4 END)
       FROM (SELECT $1::jsonb AS own) AS texts WHERE protocol = ''`,
      [JSON.stringify(textsByCode()), MASKED, VIDEO, EDAN],
    );
  }

  /** The texts are the centre's by now: which of them it has edited since, nobody can tell. */
  async down(): Promise<void> {}
}

/** Masking of victims: initials and case code (Ley 30364). */
const MASKED =
  'Reserva: nombre a la víctima por sus iniciales y el código del caso; la dirección, solo hasta la cuadra.';
/** D.S. 007-2020-IN, art. 17.1. */
const VIDEO =
  'Video: cámaras cercanas, de 10 min antes a 20 min después. Si hay presunto delito, a la PNP o la Fiscalía dentro de 24 h.';
const EDAN = 'Daños: ofrezca la evaluación rápida (EDAN F1).';

/** What is asked of who flees, and the citizen's arrest (CPP art. 260, Ley 29372). */
const FLIGHT = 'Pregunte: cuántos son, armas, vehículo y placa, hacia dónde huyen.';
const ARREST = 'Retenido en flagrancia: anote la hora y entréguelo de inmediato a la PNP (comisaría, efectivo, hora).';
const WOUNDED = 'Pregunte: cuántos heridos; armas; si los agresores siguen en el lugar.';
const CRASH = 'Pregunte: cuántos heridos; vehículos y placas; si alguien huyó.';
/** Ley 30364 and D.S. 009-2016-MIMP. */
const VIOLENCE = 'La PNP atiende de inmediato y llena la ficha de valoración de riesgo. Informe de la Línea 100.';
/** Código de los Niños y Adolescentes. */
const MINOR = 'Menor de 18 años: diga «NNA», nunca el nombre.';
/** Ley 28976, art. 20, as changed by Ley 31914. */
const CLOSURE =
  'Clausura temporal solo por: peligro inminente, sin licencia, sin ITSE, giro distinto, o ruido, humo u olores sobre el límite. Una foto por causal.';
/** PO-SNAT; only INDECI sends messages by SISMATE. */
const TSUNAMI = 'Solo DHN o COEN cancelan: nadie regresa antes. Mensaje masivo (SISMATE): solicitar a COER o COEN.';
const QUAKE =
  'Sismo fuerte en la costa: evacuación preventiva y sirenas al minuto 0; unidades de la costa avisan y salen antes de 10 min; GTGRD a los 3; datos del IGP a los 5; decisión de la DHN hasta los 20.';

function textsByCode(): Readonly<Record<string, string>> {
  const fleeing = ['PAT-01', 'PAT-02', 'PAT-03', 'PAT-04', 'PAT-05', 'PAT-06', 'PAT-07', 'PAT-11', 'DRO-03', 'TRA-03'];
  const wounding = ['VID-01', 'VID-02', 'ORD-01', 'ORD-05'];
  const violence = ['VIF-01', 'VIF-02'];
  const minors = ['VIF-03', 'VIF-04', 'FIS-03'];
  const all = (codes: readonly string[], text: string) => codes.map((code) => [code, text] as const);
  return Object.fromEntries([
    ...all(fleeing, `${FLIGHT}\n${ARREST}`),
    ...all(wounding, `${WOUNDED}\n${ARREST}`),
    ...all(violence, VIOLENCE),
    ...all(minors, MINOR),
    ...all(['FIS-01', 'FIS-02'], CLOSURE),
    ['TRA-01', CRASH],
    ['EME-05', QUAKE],
    ['EME-06', TSUNAMI],
  ]);
}
