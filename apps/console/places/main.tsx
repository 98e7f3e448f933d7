import { startPage } from '../ui/start-page.tsx';
import { PlacesPage } from './PlacesPage.tsx';

startPage(PlacesPage);
