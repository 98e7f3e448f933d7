import { startPage } from '../ui/start-page.tsx';
import { ReportsPage } from './ReportsPage.tsx';

startPage(ReportsPage);
