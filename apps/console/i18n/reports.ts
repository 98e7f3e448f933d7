/** Words of the reports page, and why a report is refused. */
export const reportErrorsEs = {
  'report-range-wrong': 'Elija de 1 a 366 días, el primero antes que el último.',
  'report-busy': 'Ya espera otros reportes. Cuando terminen, pida este.',
  'report-too-slow': 'El reporte tardó demasiado y se detuvo. Pida menos días o filtre más.',
} as const;

export const reportErrorsEn: Readonly<Record<keyof typeof reportErrorsEs, string>> = {
  'report-range-wrong': 'Choose 1 to 366 days, the first before the last.',
  'report-busy': 'You are waiting for other reports already. Ask for this one when they are done.',
  'report-too-slow': 'The report took too long and was stopped. Ask for fewer days or filter more.',
};
