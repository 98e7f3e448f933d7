import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ledgerKeyView, ledgerStateView, signedHeadView, type LedgerStateView } from '#libs/wire';
import { dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Failed, Loading } from '../ui/States.tsx';
import { LedgerEntries } from './LedgerEntries.tsx';
import { LedgerVerification } from './LedgerVerification.tsx';

export const LEDGER_STATE = ['ledger-state'];
const IDLE_MS = 5_000;
const RUNNING_MS = 500;

/** Where the ledger stands, who vouches for it, whether it is whole, and what is in it. */
export function Ledger() {
  const { say } = useWords();
  const { http } = useServices();
  const state = useQuery({
    queryKey: LEDGER_STATE,
    queryFn: () => http.ask('GET', '/api/ledger/state', ledgerStateView),
    refetchInterval: ({ state: { data } }) => (data?.running ? RUNNING_MS : IDLE_MS),
  });
  if (state.error && !state.data) return <Failed code={codeOf(state.error)} onRetry={() => void state.refetch()} />;
  if (!state.data) return <Loading />;
  return (
    <div className="stack ledger">
      <p>{say('ledger.intro')}</p>
      {!state.data.writesHere && <p className="notice notice--warn">{say('ledger.standby')}</p>}
      <div className="ledger__facts">
        <Head state={state.data} />
        <LedgerVerification state={state.data} />
      </div>
      <LedgerEntries kinds={state.data.kinds} />
    </div>
  );
}

function Head({ state }: { readonly state: LedgerStateView }) {
  const { say } = useWords();
  const { head, signed, keyId } = state;
  const behind = head.seq - (signed?.seq ?? 0);
  return (
    <section className="stack stack--tight ledger__card" aria-labelledby="ledger-head">
      <h2 id="ledger-head">{say('ledger.head')}</h2>
      <p className="ledger__seq">{head.seq === 0 ? say('ledger.head.none') : head.seq}</p>
      <dl className="ledger__list">
        <dt>{say('ledger.hash')}</dt>
        <dd>
          <code>{head.hash}</code>
        </dd>
        <dt>{say('ledger.signed')}</dt>
        <dd>
          {signed
            ? say('ledger.signed.at', { seq: signed.seq, date: dateTime(signed.atMs) })
            : say('ledger.signed.none')}
          {signed && behind > 0 && <small> · {say('ledger.signed.behind', { count: behind })}</small>}
        </dd>
        <dt>{say('ledger.key')}</dt>
        <dd>
          <code>{signed?.keyId ?? keyId}</code>
        </dd>
      </dl>
      <Downloads />
    </section>
  );
}

/** What an auditor keeps elsewhere: with both, nobody here can change what was before without being found out. */
function Downloads() {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const sign = useMutation({
    mutationFn: () => http.ask('POST', '/api/ledger/heads', signedHeadView),
    onSuccess: async (head) => {
      save(`atalaya-ledger-head-${head.seq}.json`, `${JSON.stringify(head)}\n`, 'application/json');
      await queries.invalidateQueries({ queryKey: LEDGER_STATE });
    },
  });
  const key = useMutation({
    mutationFn: () => http.ask('GET', '/api/ledger/key', ledgerKeyView),
    onSuccess: ({ keyId, publicKeyPem }) => save(`atalaya-ledger-${keyId}.pem`, publicKeyPem, 'application/x-pem-file'),
  });
  const problem = sign.error ?? key.error;
  return (
    <>
      <div className="ledger__buttons">
        <button type="button" className="button" disabled={sign.isPending} onClick={() => sign.mutate()}>
          <Icon name="shield" />
          {say('ledger.sign')}
        </button>
        <button type="button" className="button" disabled={key.isPending} onClick={() => key.mutate()}>
          {say('ledger.download.key')}
        </button>
      </div>
      <div aria-live="polite">{problem && <p className="notice notice--bad">{sayError(codeOf(problem))}</p>}</div>
    </>
  );
}

function save(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
