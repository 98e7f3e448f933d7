import { startPage } from '../ui/start-page.tsx';
import { WallPage } from './WallPage.tsx';

document.documentElement.dataset['viewing'] = 'wall';
startPage(WallPage);
