import { startPage } from '../ui/start-page.tsx';
import { TownPage } from './TownPage.tsx';

startPage(TownPage);
