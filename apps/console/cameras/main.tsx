import { startPage } from '../ui/start-page.tsx';
import { CamerasPage } from './CamerasPage.tsx';

startPage(CamerasPage);
