import { camerasReportView, type CamerasReportView } from '#libs/wire';
import { countUp, date, decimal } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { Empty } from '../ui/States.tsx';
import { FigureTable, Report } from './Report.tsx';
import type { Question } from './question.ts';

/** How long cameras gave a picture. */
export function CamerasReport({ question }: { readonly question: Question }) {
  return (
    <Report name="cameras" question={question} schema={camerasReportView}>
      {(view) => <Cameras view={view} />}
    </Report>
  );
}

function Cameras({ view }: { readonly view: CamerasReportView }) {
  const { say, language } = useWords();
  const share = (value: number | null): string => (value === null ? '–' : `${floored(value * 100, language)} %`);
  const worstFirst = view.cameras.toSorted((a, b) => (a.share ?? 2) - (b.share ?? 2) || a.code.localeCompare(b.code));
  const names = ['camera', 'share', 'away', 'absences', 'longest', 'watched'] as const;
  return (
    <>
      <p>{say('reports.cameras.base', { date: date(view.knownFromMs), seconds: view.offlineAfterS })}</p>
      {view.total.share === null ? (
        <Empty icon="camera" title={say('reports.cameras.none')} />
      ) : (
        <FigureTable
          label={say('reports.tab.cameras')}
          columns={names.map((name) => ({ title: say(`reports.cameras.${name}`) }))}
          rows={[
            ...worstFirst.map((camera) => ({
              key: camera.cameraId,
              cells: [
                `${camera.code} ${camera.name}`,
                share(camera.share),
                countUp(camera.awayMs),
                camera.uncertain === 0
                  ? camera.absences
                  : `${camera.absences} (${say('reports.cameras.uncertain', { count: camera.uncertain })})`,
                countUp(camera.longestMs),
                countUp(camera.watchedMs),
              ],
            })),
            {
              key: 'total',
              cells: [
                say('reports.total'),
                share(view.total.share),
                countUp(view.total.awayMs),
                '',
                '',
                countUp(view.total.watchedMs),
              ],
              sum: true,
            },
          ]}
        />
      )}
    </>
  );
}

/** Two digits, rounded down: 99.996 % is not all of the time. */
function floored(value: number, language: 'es' | 'en'): string {
  return decimal(Math.floor(value * 100 + 1e-6) / 100, 2, language);
}
