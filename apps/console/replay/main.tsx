import { startPage } from '../ui/start-page.tsx';
import { ReplayPage } from './ReplayPage.tsx';

// Before anything is drawn: the colours of the past hold for the door too.
document.documentElement.dataset['past'] = '';
startPage(ReplayPage, { live: false });
