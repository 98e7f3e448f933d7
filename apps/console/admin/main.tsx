import { startPage } from '../ui/start-page.tsx';
import { AdminPage } from './AdminPage.tsx';

startPage(AdminPage);
