import type { IncidentDetail } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { may } from '../ui/session.ts';
import { policeOf } from './agencies.ts';
import { useDesk } from './desk.ts';
import { useActs, type Act } from './use-acts.ts';

/** What can be done now, each with its key. */
export function Actions({ incident }: { readonly incident: IncidentDetail }) {
  const { say } = useWords();
  const { session, board } = useDesk();
  const acts = useActs();
  const { kind } = incident.life;
  const type = board.types.find(({ code }) => code === incident.classification?.typeCode);
  const police = say(`agency.${policeOf(type)}`);
  const one = (key: string, act: Act, words: string) => (
    <button key={act} type="button" className="act" onClick={() => acts(act)}>
      {key && <kbd>{key}</kbd>} {words}
    </button>
  );
  if (!may(session, 'incident:dispatch')) return null;
  if (kind === 'merged') return null;
  if (kind === 'closed' || kind === 'dismissed') return <p className="acts">{one('', 'reopen', say('do.reopen'))}</p>;
  return (
    <div className="acts" role="group" aria-label={say('do.more')}>
      {one('P', 'pnp', police)}
      {one('S', 'samu', say('agency.SAMU'))}
      {one('B', 'bom', say('agency.BOM'))}
      {one('O', 'refer', say('do.other'))}
      {one('Y', 'classify', say('do.classify'))}
      {one('R', 'backup', say('do.backup'))}
      {one('U', 'merge', say('do.merge'))}
      {one('V', 'link', say('do.link'))}
      {!incident.hidden.includes('place') && one('L', 'place', say('do.place'))}
      {!incident.masked && one('', 'mask', say('do.mask'))}
      {kind === 'open' && one('H', 'control', say('do.control'))}
      {one('C', 'close', say('do.close'))}
      {one('X', 'dismiss', say('do.dismiss'))}
    </div>
  );
}
