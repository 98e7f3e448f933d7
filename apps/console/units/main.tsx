import { startPage } from '../ui/start-page.tsx';
import { UnitsPage } from './UnitsPage.tsx';

startPage(UnitsPage);
