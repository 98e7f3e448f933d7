import { INCIDENT_GROUPS, type IncidentGroup, type Priority } from '#libs/dispatch';
import { REPORT_CELLS_M, REPORT_GROUPINGS, type ReportName, type SessionView } from '#libs/wire';
import { Choice } from '../dispatch/Choice.tsx';
import { useWords } from '../i18n/language.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { may } from '../ui/session.ts';
import { PRIORITY_CHOICES, fileAddressOf, isSound, type Question } from './question.ts';

export interface QuestionFormProps {
  readonly name: ReportName;
  readonly question: Question;
  readonly onChange: (question: Question) => void;
  readonly session: SessionView;
}

const HOURS = ['', ...Array.from({ length: 24 }, (_, hour) => String(hour))];

/** Days and filters, and the report as a file. */
export function QuestionForm({ name, question, onChange, session }: QuestionFormProps) {
  const { say } = useWords();
  const change = (part: Partial<Question>): void => onChange({ ...question, ...part });
  const ofIncidents = name === 'times' || name === 'outcomes' || name === 'map';
  return (
    <div className="reports__question">
      <Field
        type="date"
        label={say('reports.from')}
        value={question.fromDay}
        onChange={(fromDay) => change({ fromDay })}
      />
      <Field type="date" label={say('reports.to')} value={question.toDay} onChange={(toDay) => change({ toDay })} />
      {(name === 'times' || name === 'outcomes') && (
        <Choice
          label={say('reports.by')}
          value={question.by}
          options={REPORT_GROUPINGS.map((by) => [by, say(`reports.by.${by}`)] as const)}
          onChange={(by) => change({ by })}
        />
      )}
      {ofIncidents && <IncidentFilters question={question} onChange={change} />}
      {name === 'map' && (
        <Choice
          label={say('reports.cell')}
          value={String(question.cellM)}
          options={REPORT_CELLS_M.map((cellM) => [String(cellM), `${cellM} m`] as const)}
          onChange={(text) => change({ cellM: REPORT_CELLS_M.find((cellM) => String(cellM) === text) ?? 200 })}
        />
      )}
      <Files name={name} question={question} session={session} />
    </div>
  );
}

function IncidentFilters({
  question,
  onChange,
}: {
  readonly question: Question;
  readonly onChange: (part: Partial<Question>) => void;
}) {
  const { say } = useWords();
  const groups = Object.keys(INCIDENT_GROUPS) as IncidentGroup[];
  const hours = HOURS.map(
    (hour) => [hour, hour === '' ? say('reports.anyHour') : `${hour.padStart(2, '0')}:00`] as const,
  );
  return (
    <>
      <Choice<Priority | ''>
        label={say('reports.priority')}
        value={question.priority}
        options={PRIORITY_CHOICES.map((one) => [one, one === '' ? say('reports.any') : one] as const)}
        onChange={(priority) => onChange({ priority })}
      />
      <Choice<IncidentGroup | ''>
        label={say('reports.group')}
        value={question.group}
        options={[
          ['', say('reports.anyGroup')] as const,
          ...groups.map((one) => [one, say(`reports.group.${one}`)] as const),
        ]}
        onChange={(group) => onChange({ group })}
      />
      <Choice
        label={say('reports.fromHour')}
        value={question.fromHour}
        options={hours}
        onChange={(fromHour) =>
          onChange(fromHour === '' ? { fromHour: '', toHour: '' } : { fromHour, toHour: question.toHour || '0' })
        }
      />
      <Choice
        label={say('reports.toHour')}
        value={question.toHour}
        options={hours}
        onChange={(toHour) =>
          onChange(toHour === '' ? { fromHour: '', toHour: '' } : { toHour, fromHour: question.fromHour || '0' })
        }
      />
    </>
  );
}

function Files({ name, question, session }: Pick<QuestionFormProps, 'name' | 'question' | 'session'>) {
  const { say, language } = useWords();
  const sound = isSound(question);
  return (
    <div className="reports__files">
      {may(session, 'report:export') &&
        sound &&
        (['csv', 'pdf'] as const).map((format) => (
          <a
            key={format}
            className="button"
            href={fileAddressOf(name, question, format, language)}
            download
            title={say('reports.export')}
          >
            <Icon name="download" />
            {say(`reports.${format}`)}
          </a>
        ))}
      <button type="button" className="button" onClick={() => window.print()}>
        {say('reports.print')}
      </button>
    </div>
  );
}
