import { useState } from 'react';
import './alarms.css';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  ALARM_KINDS,
  alarmRulesView,
  topicMeaning,
  type AlarmRulesBody,
  type AlarmRulesView,
  type TopicMeaning,
} from '#libs/wire';
import { age } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServerNowMs, useServices } from '../live/services.tsx';
import { Field } from '../ui/Field.tsx';

const keyOf = (cameraId: string): readonly string[] => ['alarm-rules', cameraId];

/** What a camera tells by itself, what that means, and after how long it is told anew. */
export function CameraAlarmRules({ cameraId }: { readonly cameraId: string }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const path = `/api/cameras/${cameraId}/alarm-rules`;
  const rules = useQuery({
    queryKey: keyOf(cameraId),
    queryFn: () => http.ask('GET', path, alarmRulesView),
    refetchInterval: 10_000,
  });
  const save = useMutation({
    mutationFn: (body: AlarmRulesBody) => http.ask('PUT', path, alarmRulesView, body),
    onSuccess: (view) => queries.setQueryData(keyOf(cameraId), view),
  });
  const view = rules.data;
  if (rules.error) return <p className="notice notice--note">{sayError(codeOf(rules.error))}</p>;
  if (!view) return null;
  const { cooldownS, topics } = view;
  return (
    <details className="device">
      <summary>{say('rules.title')}</summary>
      <LinkLine link={view.link} />
      <Topics view={view} onTopics={(next) => save.mutate({ cooldownS, topics: next })} />
      <Cooldowns
        key={JSON.stringify(cooldownS)}
        view={view}
        onCooldowns={(next) => save.mutate({ cooldownS: next, topics })}
      />
      <div aria-live="polite">{save.error && <p className="notice notice--bad">{sayError(codeOf(save.error))}</p>}</div>
    </details>
  );
}

function LinkLine({ link }: { readonly link: AlarmRulesView['link'] }) {
  const { say, sayReason } = useWords();
  const nowMs = useServerNowMs();
  return (
    <p className="rules__link">
      <b>{say(`link.${link.state}`)}</b> · {age(nowMs - link.sinceMs)}
      {link.code !== null && ` · ${sayReason(link.code)}`}
      <small>
        {' '}
        {say('rules.messages', { count: link.messages })}
        {link.dropped > 0 && ` · ${say('rules.dropped', { count: link.dropped })}`}
      </small>
    </p>
  );
}

function Topics({
  view,
  onTopics,
}: {
  readonly view: AlarmRulesView;
  readonly onTopics: (topics: AlarmRulesBody['topics']) => void;
}) {
  const { say } = useWords();
  const nowMs = useServerNowMs();
  const others = view.topics.filter(({ topic }) => !view.heard.some((one) => one.topic === topic));
  const rows = [
    ...view.heard,
    ...others.map(({ topic, meaning }) => ({ topic, meaning, items: '', times: 0, lastSeenAtMs: 0 })),
  ];
  const map = (topic: string, meaning: TopicMeaning): void =>
    onTopics([...view.topics.filter((one) => one.topic !== topic), { topic, meaning }]);
  if (rows.length === 0) return <p>{say('rules.noTopics')}</p>;
  return (
    <ul className="rules__topics">
      {rows.map(({ topic, items, times, lastSeenAtMs, meaning }) => (
        <li key={topic}>
          <span>
            <code>{topic}</code>
            <small>
              {items}
              {times > 0 && ` · ${say('rules.times', { count: times, age: age(nowMs - lastSeenAtMs) })}`}
            </small>
          </span>
          <span className="field">
            <select
              aria-label={say('rules.meaning', { topic })}
              value={meaning ?? ''}
              onChange={(event) => map(topic, topicMeaning.parse(event.target.value))}
            >
              {meaning === null && <option value="">{say('rules.unknown')}</option>}
              <option value="ignored">{say('rules.ignored')}</option>
              {ALARM_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {say(`alarm.${kind}`)}
                </option>
              ))}
            </select>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Cooldowns({
  view,
  onCooldowns,
}: {
  readonly view: AlarmRulesView;
  readonly onCooldowns: (cooldownS: AlarmRulesBody['cooldownS']) => void;
}) {
  const { say } = useWords();
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(Object.entries(view.cooldownS).map(([kind, seconds]) => [kind, String(seconds)])),
  );
  const given = Object.entries(texts).filter(([, text]) => text.trim() !== '');
  const isSound = given.every(([, text]) => /^\d{1,4}$/.test(text.trim()) && Number(text) <= 3_600);
  const next = Object.fromEntries(given.map(([kind, text]) => [kind, Number(text)]));
  const isNew = JSON.stringify(next) !== JSON.stringify(view.cooldownS);
  return (
    <>
      <p className="schedules__hint">{say('rules.cooldown')}</p>
      <div className="rules__cooldowns">
        {ALARM_KINDS.map((kind) => (
          <Field
            key={kind}
            label={say(`alarm.${kind}`)}
            type="number"
            inputMode="numeric"
            min={0}
            max={3_600}
            unit="s"
            value={texts[kind] ?? ''}
            onChange={(text) => setTexts({ ...texts, [kind]: text })}
          />
        ))}
      </div>
      <button
        type="button"
        className="button button--small button--start"
        disabled={!isSound || !isNew}
        onClick={() => onCooldowns(next)}
      >
        {say('rules.cooldown.save')}
      </button>
    </>
  );
}
