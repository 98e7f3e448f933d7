import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Empty } from '../ui/States.tsx';

const STEPS = ['find', 'login', 'place', 'zone'] as const;

/** An installation without cameras, to somebody who may change that: what is done in which order, and the first step. */
export function FirstSteps() {
  const { say } = useWords();
  return (
    <Empty icon="camera" title={say('first.title')}>
      <p>{say('first.text')}</p>
      <ol className="steps">
        {STEPS.map((step) => (
          <li key={step}>
            <b>{say(`first.${step}`)}</b>
            <span>{say(`first.${step}.text`)}</span>
          </li>
        ))}
      </ol>
      <a className="button button--main" href="#discover">
        <Icon name="radar" />
        {say('first.begin')}
      </a>
    </Empty>
  );
}
