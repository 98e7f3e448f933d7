import type { IncidentTypeView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';

/** What a type means at once: whom to notify, whom to send, how, and what the centre wrote to ask and say. */
export function Protocol({ type }: { readonly type: IncidentTypeView }) {
  const { say } = useWords();
  const agencies = type.everyAgency
    ? say('intake.everyAgency')
    : type.agencies.map((code) => say(`agency.${code}`)).join(', ');
  const kinds = type.everyUnit
    ? say('intake.everyUnit')
    : type.unitKinds.map((code) => say(`unitKind.${code}`)).join(', ');
  return (
    <section className="protocol" aria-label={say('intake.protocol')} aria-live="polite">
      <p className="protocol__flags">
        {type.masked && <span className="flag flag--masked">{say('flag.masked')}</span>}
        {type.video && <span className="flag">{say('flag.video')}</span>}
        {type.edan && <span className="flag">{say('flag.edan')}</span>}
      </p>
      {agencies && (
        <p>
          <span>{say('intake.notify')}</span> {agencies}
        </p>
      )}
      {kinds && (
        <p>
          <span>{say('intake.send.units')}</span> {kinds}
        </p>
      )}
      {type.instructions.length > 0 && (
        <p className="protocol__orders">{type.instructions.map((code) => say(`instruction.${code}`)).join(' ')}</p>
      )}
      {type.protocol !== '' && <p className="protocol__text">{type.protocol}</p>}
    </section>
  );
}
