import { startPage } from '../ui/start-page.tsx';
import { ShiftsPage } from './ShiftsPage.tsx';

startPage(ShiftsPage);
