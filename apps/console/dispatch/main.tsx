import { startPage } from '../ui/start-page.tsx';
import { DispatchPage } from './DispatchPage.tsx';

startPage(DispatchPage);
