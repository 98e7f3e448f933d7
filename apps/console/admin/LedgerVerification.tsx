import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { LedgerStateView, LedgerVerificationView } from '#libs/wire';
import { dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Icon } from '../ui/Icon.tsx';

/** Whether every entry is what was written, as it was last checked, and the button to check it now. */
export function LedgerVerification({ state }: { readonly state: LedgerStateView }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const verify = useMutation({
    mutationFn: () => http.tell('POST', '/api/ledger/verifications', {}),
    onSettled: () => queries.invalidateQueries({ queryKey: ['ledger-state'] }),
  });
  const { running, last } = state;
  return (
    <section className="stack stack--tight ledger__card" aria-labelledby="ledger-verification">
      <h2 id="ledger-verification">{say('ledger.verification')}</h2>
      <div aria-live="polite" className="stack stack--tight">
        {last ? <Finding last={last} /> : <p>{say('ledger.never')}</p>}
        {verify.error && <p className="notice notice--bad">{sayError(codeOf(verify.error))}</p>}
      </div>
      {running && (
        <label className="ledger__progress">
          {say('ledger.verifying', { seq: running.seq, of: running.ofSeq })}
          <progress max={Math.max(1, running.ofSeq)} value={running.seq} />
        </label>
      )}
      <button
        type="button"
        className="button button--main button--start"
        disabled={running !== null || verify.isPending}
        onClick={() => verify.mutate()}
      >
        {say('ledger.verify')}
      </button>
    </section>
  );
}

function Finding({ last }: { readonly last: LedgerVerificationView }) {
  const { say, sayError } = useWords();
  const { broken, head, entries, signedHeads, requestedBy: who } = last;
  const date = dateTime(last.finishedAtMs);
  if (!broken) {
    return (
      <>
        <p className="ledger__verdict ledger__verdict--sound">
          <Icon name="shield" />
          {say('ledger.sound', { seq: head.seq })}
        </p>
        <small>{say('ledger.sound.facts', { entries, heads: signedHeads, date, who })}</small>
      </>
    );
  }
  return (
    <div className="notice notice--bad" role="alert">
      <p className="ledger__verdict">
        <Icon name="warning" />
        {say('ledger.broken', { seq: broken.seq })}
      </p>
      <p>{sayError(broken.code)}</p>
      <p>
        <small lang="en">{say('ledger.broken.found', { found: broken.found })}</small>
      </p>
      <p>
        <small>{say('ledger.broken.facts', { seq: head.seq, date, who })}</small>
      </p>
      <p>{say('ledger.broken.do')}</p>
    </div>
  );
}
